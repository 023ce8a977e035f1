import Testing

@testable import YAML

@Suite struct ScalarTests {
    private func text(_ source: String) throws -> String {
        guard case .mapping(let mapping) = try #require(ParsedYAML(Array(source.utf8)).root),
            case .scalar(let scalar)? = mapping.entry("a")?.value
        else { return "no scalar" }
        return scalar.text
    }

    @Test(arguments: [
        (#"a: "\/x""#, "/x"),
        (#"{"a":"\ud83d\ude00"}"#, "\u{1F600}"),
        (#"{"a":"x\uD83D\uDE00\uD83D\uDE01y"}"#, "x\u{1F600}\u{1F601}y"),
        (#"a: '\ud83d\ude00'"#, #"\ud83d\ude00"#),
        (#"a: \ud83d\ude00"#, #"\ud83d\ude00"#),
        (#"a: "\\\ud83d\ude00""#, "\\\u{1F600}"),
        ("a: x\u{85}y", "x\u{85}y"),
        ("a: \"x\u{2028}y\"", "x\u{2028}y"),
        ("a: |\n x\u{2029}y", "x\u{2029}y"),
        ("a: \"\u{10FFFF}\u{85}\u{10FFFE}\"", "\u{10FFFF}\u{85}\u{10FFFE}"),
        ("a: \"x\\U0010FFFFy\" # \u{2028}", "x\u{10FFFF}y"),
        ("a: \"x\\U0010ffFfy\\U0010FFFEz\u{85}\"", "x\u{10FFFF}y\u{10FFFE}z\u{85}"),
        (
            #"{"a": "q\U0010FFFCud83d\U0010FFFCude00y\ud83d\ude00"}"#,
            "q\u{10FFFC}ud83d\u{10FFFC}ude00y\u{1F600}"
        ),
        (#"a: "\udbff\udfff\U0010FFFE\udbff\udffd""#, "\u{10FFFF}\u{10FFFE}\u{10FFFD}"),
        (#"a: '\U0010FFFF\ud83d\ude00'"#, #"\U0010FFFF\ud83d\ude00"#),
        ("a: x # \u{2028} \\U", "x"),
        ("a: x # \u{2028} \\UFFFFFFFF", "x"),
        ("a: \"\\0\"", "\0"),
        ("a: >\n  one\n  two\n", "one two\n"),
        ("a: |-\r\n  one\r\n  two\r\n", "one\ntwo"),
        ("%YAML 1.2\n---\na: 1\n...\n", "1"),
    ])
    func `a scalar's text is that of YAML 1.2 and JSON`(source: String, expected: String) throws {
        let text = try text(source)
        #expect(Array(text.utf8) == Array(expected.utf8))
    }

    @Test func `what libyaml takes for line breaks stays, whatever characters a text has`() throws {
        // Noncharacters used to stand in for them, of which a text can use all.
        let last = (UInt32(0x10_FF00)...0x10_FFFF).compactMap { Unicode.Scalar($0) }
        let nonCharacters = (1...16).flatMap { plane in
            [0xFFFE, 0xFFFF].compactMap { Unicode.Scalar(UInt32(plane << 16 | $0)) }
        }
        let expected = String(String.UnicodeScalarView(last + nonCharacters + ["\u{85}", "\u{2028}", "\u{2029}", "x"]))
        #expect(Array(try text("a: x\(expected)\nb: 1\n").utf8) == Array("x\(expected)".utf8))
    }

    @Test(arguments: ScalarTests.texts, [ScalarText.Context.block, .flow, .json])
    func `what is written reads back the same`(text: String, context: ScalarText.Context) throws {
        for style in [Node.Scalar.Style.plain, .singleQuoted, .doubleQuoted] {
            let written = ScalarText.write(text, preferring: style, in: context)
            let source = context == .block ? "a: \(written) # note\n" : "{a: \(written), b: 1}"
            #expect(Array(try self.text(source).utf8) == Array(text.utf8), "\(source)")
        }
    }

    @Test(arguments: ["King James", "3 Musketeers", "it's", "a:b", "x#y", "caf\u{E9} \u{1F600}", "a, b"])
    func `no quotes are written where none are needed`(text: String) {
        #expect(ScalarText.write(text) == text)
    }

    @Test(arguments: ["no", "NULL", "~", "12", "1e3", "0x1F", ".inf", "2026-01-30", "- x", "a: b", "x #y", " x", ""])
    func `text that could be taken for something else is quoted`(text: String) {
        #expect(ScalarText.write(text) == "\"\(text)\"")
    }

    @Test(arguments: ["one\ntwo", "one\n\n  two\n", "one\n\ttwo", "x\n#y\n- z: 1"])
    func `a literal block reads back the same`(text: String) throws {
        for lineBreak in ["\n", "\r\n"] {
            let block = try #require(ScalarText.literalBlock(text, indentation: 4, lineBreak: lineBreak))
            #expect(try self.text("a: \(block)\(lineBreak)b: 1") == text)
        }
    }

    @Test(arguments: [" one\ntwo", "\none", "one\n\n", "one\r\ntwo", "", "\n", "one\n  "])
    func `text that a literal block would change is left to quotes`(text: String) {
        #expect(ScalarText.literalBlock(text, indentation: 2, lineBreak: "\n") == nil)
    }

    static let texts: [String] = [
        "", " ", "x", "no", "null", "~", "1.5", "a: b", "a:", ":a", "x #y", "#x", "- x", "-x", "? x", "[x]", "{x}",
        "x]",
        "x,y", "&x", "*x", "!x", "|", ">", "'x'", "it's", "\"x\"", "say \"x\"", "back\\slash", "%x", "@x", "`x", "=",
        "<<",
        "---", "...", "tab\there", "two\nlines", "cr\rlf\r\n", "\u{0}", "\u{7F}", "\u{85}", "\u{2028}", "\u{FEFF}",
        "\u{FFFE}",
        "\u{1F600}", "e\u{301}", "\\ud83d\\ude00", "trailing ", "a  b", "x: [", "http://example.com", "12:30",
        "\u{10FFFF}",
    ]
}
