import Testing

@testable import YAML

@Suite struct LimitTests {
    private static func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
    }

    @Test func `64 levels are accepted and 65 are not`() {
        #expect(ParsedYAML(Array(Self.nested(64).utf8)).errors.isEmpty)
        let error = ParsedYAML(Array(Self.nested(65).utf8)).errors.first
        #expect(error?.code == .tooDeep)
        #expect(error?.range.start.column == 65)
    }

    @Test func `brackets in quotes and comments are no nesting`() {
        let brackets = String(repeating: "[", count: 5_000)
        let text = "a: \"\(brackets)\" # \(brackets)\nb: '\(brackets)'\nc: |\n  \(brackets)\n"
        #expect(ParsedYAML(Array(text.utf8)).errors.isEmpty)
    }

    @Test func `20000 nodes are accepted and 20001 are not`() {
        // The list is a node, too.
        let most = "[" + String(repeating: "1,", count: Limits.nodes - 1) + "]"
        #expect(ParsedYAML(Array(most.utf8)).errors.isEmpty)
        let tooMany = "[" + String(repeating: "1,", count: Limits.nodes) + "]"
        #expect(ParsedYAML(Array(tooMany.utf8)).errors.map(\.code) == [.tooManyNodes])
    }

    @Test func `1 MiB is accepted and a byte more is not`() {
        let most = Array("a: 1\n#".utf8) + Array(repeating: UInt8(ascii: "x"), count: Limits.bytes - 6)
        #expect(ParsedYAML(most).errors.isEmpty)
        #expect(ParsedYAML(most + [0x78]).errors.map(\.code) == [.tooLarge])
    }

    // The release build takes milliseconds; the limit only ends what would not end by itself.
    @Test(.timeLimit(.minutes(5)), arguments: HostileFile.all)
    func `a hostile file is refused`(file: HostileFile) {
        #expect(!ParsedYAML(Array(file.text.utf8)).errors.isEmpty)
    }
}

/// A text that is made to cost much.
struct HostileFile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String

    init(_ description: String, _ text: String) {
        testDescription = description
        self.text = text
    }

    private static let tagDirectives = (0..<50_000).map { "%TAG !a\($0)! x\n" }.joined() + "---\na: 1\n"

    static let all = [
        HostileFile("brackets on one line", String(repeating: "[", count: 1_000_000)),
        HostileFile("brackets, 80 KB", String(repeating: "[", count: 40_000) + String(repeating: "]", count: 40_000)),
        HostileFile("brackets on many lines", String(repeating: "[\n", count: 500_000)),
        HostileFile("mappings in braces", String(repeating: "{a: ", count: 250_000)),
        HostileFile("lists in lists", String(repeating: "- ", count: 500_000)),
        HostileFile("keys in keys", String(repeating: "? ", count: 500_000)),
        HostileFile(
            "blanks in brackets",
            String(repeating: "[", count: 64) + String(repeating: " ", count: 1_000_000)
        ),
        HostileFile("tag directives", tagDirectives),
        HostileFile("tag directives of a second document", "a: 1\n...\n" + tagDirectives),
        HostileFile("anchors", String(repeating: "&a ", count: 300_000)),
        HostileFile("percent signs", String(repeating: "%", count: 1_000_000)),
        HostileFile("keys without end", "{" + (0..<100_000).map { "a\($0): 1, " }.joined() + "}"),
        HostileFile("surrogates", "a: \"" + String(repeating: "\\ud83d\\ude00", count: 80_000) + "\"\nb: ["),
        HostileFile("one key again and again", String(repeating: "a: 1\n", count: 9_000) + "b"),
    ]
}
