import Testing

@testable import YAML

@Suite struct SourcePositionTests {
    /// Where a key is found: offset, line, column.
    private func place(of key: String, in text: [UInt8]) throws -> [Int] {
        let parsed = ParsedYAML(text)
        guard case .mapping(let mapping) = try #require(parsed.root) else { return [] }
        let start = try #require(mapping.entry(key)).key.range.start
        return [start.offset, start.line, start.column]
    }

    @Test(arguments: [
        ("a: 1\nb: 2\n", [5, 2, 1]),
        ("\u{FEFF}b: 2\n", [3, 1, 1]),
        ("\u{FEFF}a: 1\nb: 2\n", [8, 2, 1]),
        ("a: 1\r\nb: 2\r\n", [6, 2, 1]),
        ("a: 1\rb: 2\r", [5, 2, 1]),
        ("{a: \"\u{1F600}\u{1F600}\", b: 2}", [16, 1, 11]),
        ("{a: e\u{301}, b: 2}", [9, 1, 9]),
        ("a: \"x\u{85}y\"\nb: 2\n", [10, 2, 1]),
        ("a: x\u{2028}y\nb: 2\n", [9, 2, 1]),
        ("a: 'x\u{2029}y'\nb: 2\n", [11, 2, 1]),
        ("{a: \"\\ud83d\\ude00\", b: 2}", [20, 1, 21]),
        ("a: |\n  one\n  two\n\n# note\nb: 2\n", [25, 6, 1]),
        ("# one\n#\n  b: 2\n", [10, 3, 3]),
        ("\u{FEFF}# one\na: 1\nb: 2\n", [14, 3, 1]),
        ("# one\na: \u{E9}\nb: 2\n", [12, 3, 1]),
        ("# one\n# \u{E9}\n# two\nb: 2\n", [17, 4, 1]),
        ("# one\n# two\r\nb: 2\r\n", [13, 3, 1]),
        ("# one\n# two\rb: 2\r", [12, 3, 1]),
        ("# one\n# two\u{2028}\na: \u{85}\nb: 2\n", [21, 4, 1]),
        ("# one\n%YAML 1.2\n---\nb: 2\n", [20, 4, 1]),
        ("# one\na: |\n  x\n\nb: 2\n", [16, 5, 1]),
    ])
    func `a key is found where an editor shows it`(text: String, expected: [Int]) throws {
        #expect(try place(of: "b", in: Array(text.utf8)) == expected)
    }

    /// The source text of the value of `a`.
    private func source(ofValueIn text: String) throws -> String {
        let bytes = Array(text.utf8)
        guard case .mapping(let mapping) = try #require(ParsedYAML(bytes).root) else { return "" }
        let range = try #require(mapping.entry("a")).value.range
        return String(decoding: bytes[range.bytes], as: UTF8.self)
    }

    @Test(arguments: [
        ("a: one # note\n", "one"),
        ("a:   one   \n", "one"),
        ("a: one\n  two\n\n# note\n", "one\n  two"),
        ("a: 'it''s'\n", "'it''s'"),
        ("a: \"one\n  two\" # note\n", "\"one\n  two\""),
        ("a: |\n  one\n  two\n\n\n# note\nb: 1\n", "|\n  one\n  two"),
        ("a: >-\n  one\n", ">-\n  one"),
        ("a: |\n\n\n", "|"),
        ("a: {x: 1, y: [2]} # note\n", "{x: 1, y: [2]}"),
        ("a:\n  x: 1 # note\n  # more\n\n# end\nb: 1\n", "x: 1"),
        ("a:\n  - x\n  - y # note\n# end\n", "- x\n  - y"),
        ("a:\nb: 1\n", ""),
        ("a:", ""),
    ])
    func `a value's range holds the value and nothing around it`(text: String, expected: String) throws {
        #expect(try source(ofValueIn: text) == expected)
    }

    @Test(arguments: [
        ("a: # note\n\nb: 1\n", 2), ("? a # x: y\n\n? b\n", 3), ("? a\n:\nb: 1\n", 5), ("{a: , b: 1}", 3),
        ("{a  , b: 1}", 2), ("{a  }", 2), ("{a # x: y\n  , b: 1}", 2), ("{a: # x\n\n}", 3),
        ("{\u{E9}: 1, ? a\n : # x\n}", 14),
        ("{? a : , b: 1}", 6),
    ])
    func `a value that is left out is placed behind its colon, or its key`(text: String, offset: Int) throws {
        guard case .mapping(let mapping) = try #require(ParsedYAML(Array(text.utf8)).root) else { return }
        let range = try #require(mapping.entry("a")).value.range
        #expect(range.bytes == offset..<offset)
        let before = String(decoding: Array(text.utf8.prefix(offset)), as: UTF8.self)
        let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(range.start.line == lines.count)
        #expect(range.start.column == (lines.last?.unicodeScalars.count ?? 0) + 1)
    }
}
