import Profiles
import Testing
import YAML

@Suite struct DiagnosticRenderingTests {
    private func findings(_ text: String, file: String = "profiles/night.yaml") -> [Diagnostic] {
        ProfileDecoder.decode(Array(text.utf8), file: file).diagnostics
    }

    private func rendered(_ text: String, useColor: Bool = false) -> String {
        CompilerStyle(useColor: useColor) { _ in Array(text.utf8) }.text(findings(text))
    }

    @Test func `a finding is shown as a compiler shows it`() {
        let text = "version: 1\nname: x\n# note\nlayer: 15\n\n\n\n\nlayer: 12\nsteering: {}\n"
        #expect(
            rendered(text) == """
                error[P012]: duplicate key 'layer'
                  --> profiles/night.yaml:9:1
                   |
                 4 | layer: 15
                   | ----- first set here
                 9 | layer: 12
                   | ^^^^^ set again
                   = help: remove one of them

                """
        )
    }

    @Test func `line numbers are aligned and findings separated`() {
        let text = "version: 1\nname: x\nlaier: 1\n" + String(repeating: "\n", count: 6) + "steering:\n  5: yes\n"
        #expect(
            rendered(text) == """
                error[P022]: unknown key 'laier'
                  --> profiles/night.yaml:3:1
                   |
                 3 | laier: 1
                   | ^^^^^
                   = help: did you mean 'layer'?

                error[P029]: 'yes' is no number
                   --> profiles/night.yaml:11:6
                    |
                 11 |   5: yes
                    |      ^^^
                    = help: give a number from -10000 to 10000

                """
        )
    }

    @Test(arguments: [
        (
            "name: \"\u{5B57}\u{5B57}\", layer: x",
            " 1 | {version: 1, name: \"\u{5B57}\u{5B57}\", layer: x, steering: {}}", 35
        ),
        (
            "name: \"e\u{301}\u{1F600}\", layer: x",
            " 1 | {version: 1, name: \"e\u{301}\u{1F600}\", layer: x, steering: {}}", 34
        ),
        ("name:\tx, layer: x", " 1 | {version: 1, name:  x, layer: x, steering: {}}", 31),
        ("name: \"x\u{202E}\", layer: x", " 1 | {version: 1, name: \"x\\u{202e}\", layer: x, steering: {}}", 40),
    ])
    func `carets stand under what they mean`(fields: String, line: String, column: Int) {
        let lines = rendered("{version: 1, \(fields), steering: {}}").split(separator: "\n")
        #expect(lines[3] == line)
        #expect(lines[4].firstIndex(of: "^").map { lines[4].distance(from: lines[4].startIndex, to: $0) } == column + 4)
    }

    @Test func `of a long line the part around the place is shown`() throws {
        let lines = rendered("{version: 1, name: x, steering: {\(String(repeating: "5: 1, ", count: 100))6: yes}}")
            .split(separator: "\n")
        let excerpt = try #require(lines.last { $0.hasPrefix(" 1 | ") })
        #expect(excerpt.count < 180)
        #expect(excerpt.contains("…"))
        #expect(excerpt.contains("6: yes}}"))
    }

    /// Lines in which something is wrong, the key `foo` or a value, behind and before much else.
    private static let longLines = [
        "{version: 1, name: \"\(String(repeating: "\u{5B57}", count: 40))\", foo: \"\(String(repeating: "\u{5B57}", count: 40))\"}",
        "{version: 1, name: \"\(String(repeating: "\u{1F468}\u{200D}\u{1F469} ", count: 20))\", foo: 1, layer: 3}",
        "{version: 1, name: \"\(String(repeating: "e\u{301}", count: 60))\", foo: 1, description: \"\(String(repeating: "e\u{301}", count: 60))\"}",
        "{version:\t1,\tname:\tx,\tsteering:\t{},\tmodel:\tabcdefghijk,\tsae:\tabc,\tfoo:\t1,\tlayer:\t3,\tdescription:\tx}",
        "\u{FEFF}{version: 1, name: abcdefghijklmnopqrstuvwxyz, description: \"\u{202E}\u{202E}\u{202E}\u{202E}\", foo: 1}\r",
        "{foo: \(String(repeating: "abcdefghij", count: 20)), version: 1, name: x, steering: {}}",
        "{version: 1, name: x, steering: {5: 1}, description: \(String(repeating: "a ", count: 60)), foo: }",
    ]

    @Test(arguments: longLines, [20, 40, 60, 80])
    func `an excerpt fits the terminal, with the caret under what it means`(line: String, columns: Int) throws {
        let text = line + "\n"
        let finding = try #require(findings(text).first { $0.message.contains("'foo'") })
        let style = CompilerStyle(width: columns) { _ in Array(text.utf8) }
        let lines = style.text([finding]).split(separator: "\n").map(String.init)
        let excerpt = try #require(lines.first { $0.hasPrefix(" 1 | ") })
        let carets = try #require(lines.first { $0.hasPrefix("   | ") && $0.hasSuffix("^") })
        #expect(excerpt.displayWidth <= columns)
        #expect(carets.displayWidth <= columns)
        #expect(excerpt.contains("…"))
        // The columns of the carets are those of the key.
        let before = try #require(carets.firstIndex(of: "^"))
        let start = carets[..<before].count
        var shown = ""
        for character in excerpt where shown.displayWidth < carets.count {
            let column = shown.displayWidth
            shown.append(character)
            if column == start { #expect(character == "f", "\(excerpt)\n\(carets)") }
        }
        #expect(shown.hasSuffix("foo"), "\(excerpt)\n\(carets)")
    }

    @Test func `a mark that does not fit is underlined as far as it is shown`() throws {
        let text = "version: 1\nname: \(String(repeating: "\u{5B57}", count: 101))\nsteering: {}\n"
        let style = CompilerStyle(width: 40) { _ in Array(text.utf8) }
        let lines = style.text(findings(text)).split(separator: "\n").map(String.init)
        #expect(lines[4] == " 2 | name: " + String(repeating: "\u{5B57}", count: 14) + "…")
        #expect(lines[5] == "   |       " + String(repeating: "^", count: 28))
    }

    @Test func `a label without room beside its mark stands below`() {
        let text = "{version: 1, name: x, description: abcdefghij, layer: 1, steering: {5: 1, 5: 2}}\n"
        let style = CompilerStyle(width: 40) { _ in Array(text.utf8) }
        let lines = style.text(findings(text)).split(separator: "\n").map(String.init)
        #expect(lines.allSatisfy { $0.displayWidth <= 40 }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("   | ") && $0.hasSuffix(" first set here") }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("   | ") && $0.hasSuffix("set again") }, "\(lines)")
    }

    @Test func `sentences are folded between words, but not in a quotation or a place`() {
        let text = "version: 1\nname: x\nmodel: m\nsteering:\n  layer: 3\n"
        let finding = findings(text)[0]
        let style = CompilerStyle(width: 30) { _ in Array(text.utf8) }
        #expect(
            style.text([finding]) == """
                error[P028]: 'layer' is no
                  feature; it is indented too
                  far
                  --> profiles/night.yaml:5:3
                   |
                 5 |   layer: 3
                   |   ^^^^^
                   = help: indent it as far as
                          'steering:'

                """
        )
        var quoting = finding
        quoting.message = "unknown key 'a key of several words'"
        quoting.help = "write 'version: 1' on a line of its own, above the others, miLLM's it's"
        #expect(
            style.text([quoting]).split(separator: "\n").filter { !$0.contains("|") } == [
                "error[P028]: unknown key", "  'a key of several words'", "  --> profiles/night.yaml:5:3",
                "   = help: write 'version: 1'", "          on a line of its", "          own, above the",
                "          others, miLLM's it's",
            ]
        )
        #expect(
            rendered(text).split(separator: "\n").first == "error[P028]: 'layer' is no feature; it is indented too far"
        )
    }

    @Test(arguments: [
        "'", "an ' apart", "the 'open", "'it's'", "a  b   c", "", " ", "\u{5B57}\u{5B57} \u{5B57}", "one\ntwo",
    ])
    func `folding loses nothing but spaces at the ends of lines`(text: String) {
        let long = text + " and more of it, " + text
        for width in [1, 2, 10, 40] {
            let lines = FoldedText.lines(of: long, width: width)
            #expect(lines.joined().filter { !$0.isWhitespace } == long.filter { !$0.isWhitespace })
        }
        #expect(FoldedText.lines(of: long, width: nil).joined(separator: "\n") == long)
    }

    @Test func `a quotation that never ends is folded like other text`() {
        let coloured = "\u{1B}[1mone\u{1B}[0m two"
        #expect(FoldedText.lines(of: coloured, width: 7) == [coloured])
        let lines = FoldedText.lines(of: "see 'the one that nobody has closed, and what is behind it", width: 20)
        #expect(lines.allSatisfy { $0.displayWidth <= 20 }, "\(lines)")
    }

    @Test func `a terminal cannot be steered by a file`() {
        let text = "version: 1\nname: x\n\"\\e[31mkey\": 1\nsteering: {}\n# \u{9B}\n".replacing("# \u{9B}\n", with: "")
        #expect(!rendered(text).unicodeScalars.contains("\u{1B}"))
        #expect(rendered(text, useColor: true).contains("\u{1B}[1;31merror[P022]\u{1B}[0m"))
    }

    @Test func `without the source the place alone is told`() {
        let text = CompilerStyle().text(findings("version: 2\nname: x\nsteering: {}\n"))
        #expect(
            text == """
                error[P024]: the version '2' is not supported
                  --> profiles/night.yaml:1:10
                   = help: write 'version: 1'

                """
        )
    }

    @Test func `a place in another file is shown with its file`() {
        let range = SourceRange(
            SourcePosition(offset: 6, line: 1, column: 7),
            SourcePosition(offset: 7, line: 1, column: 8)
        )
        let finding = Diagnostic(
            .duplicateName,
            "two profiles are named 'x'",
            at: SourceLocation(file: "b.yaml", range: range),
            related: [.init(message: "and here", location: SourceLocation(file: "a.yaml", range: range))]
        )
        let text = CompilerStyle { _ in Array("name: x\n".utf8) }.text([finding])
        #expect(
            text == """
                error[P202]: two profiles are named 'x'
                  --> b.yaml:1:7
                   |
                 1 | name: x
                   |       ^
                  ::: a.yaml:1:7
                   |
                 1 | name: x
                   |       - and here
                   = help: rename one of them

                """
        )
    }

    @Test func `JSON has the keys of the contract`() throws {
        let text = findings("version: 1\nname: x\nsteering: {}\nlayer: 1\nlayer: 2\n").jsonText()
        #expect(
            text == """
                [
                  {
                    "code": "P012",
                    "severity": "error",
                    "message": "duplicate key 'layer'",
                    "file": "profiles/night.yaml",
                    "line": 5,
                    "column": 1,
                    "endLine": 5,
                    "endColumn": 6,
                    "help": "remove one of them",
                    "related": [
                      {
                        "message": "first set here",
                        "file": "profiles/night.yaml",
                        "line": 4,
                        "column": 1,
                        "endLine": 4,
                        "endColumn": 6
                      }
                    ]
                  }
                ]

                """
        )
    }

    @Test func `workflow commands escape what would end them`() {
        let range = SourceRange(.start, SourcePosition(offset: 3, line: 1, column: 4))
        let finding = Diagnostic(
            .unknownKey,
            "100%\n::x",
            at: SourceLocation(file: "a,b:c%.yaml", range: range),
            help: "try, again: now"
        )
        #expect(
            GitHubCommands.text([finding])
                == "::error file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=1,endColumn=3,title=P022 unknown key"
                + "::100%25%0A::x%0Ahelp: try, again: now\n"
        )
    }
}
