import Testing

@testable import YAML

@Suite struct RefusalTests {
    @Test(arguments: [
        ("a: 1\na: 2\n", YAMLError.Code.duplicateKey, 2, 1),
        ("a: &x 1\n", .anchor, 1, 4),
        ("a: *x\n", .alias, 1, 4),
        ("a: !!int 1\n", .tag, 1, 4),
        ("!x a: 1\n", .tag, 1, 1),
        ("<<: {a: 1}\n", .mergeKey, 1, 1),
        ("a: 1\n---\nb: 2\n", .severalDocuments, 2, 1),
        ("a: 1\n...\nb: 2\n", .severalDocuments, 3, 1),
        ("--- {a: 1}\n--- {b: 2}\n", .severalDocuments, 2, 1),
        ("", .empty, 1, 1),
        ("# only a note\n\n", .empty, 1, 1),
        ("---\n...\n", .empty, 1, 1),
        ("\u{FEFF}", .empty, 1, 1),
        ("? [a]\n: 1\n", .complexKey, 1, 3),
        ("{{a: 1}: 2}", .complexKey, 1, 2),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", .directive, 1, 1),
        ("%YAML 1.3\n---\na: 1\n", .directive, 1, 1),
        ("%YAML 1.2\n%YAML 1.2\n---\na: 1\n", .directive, 2, 1),
        ("# x\n%FOO bar\n---\na: 1\n", .directive, 2, 1),
        ("a: \u{7}\n", .controlCharacter, 1, 4),
        ("a: 1\nb: x\0y\n", .controlCharacter, 2, 5),
        ("a: x\u{FEFF}y\n", .controlCharacter, 1, 5),
        ("a: \u{7F}\n", .controlCharacter, 1, 4),
        ("a: \"\\ud83d\"\n", .escape, 1, 5),
        ("a: \"\\q\"\n", .escape, 1, 5),
        ("a: \"\\xZZ\"\n", .escape, 1, 5),
        ("a: \"\\\\ud83d\\ude00\"\n", .escape, 1, 12),
    ])
    func `what profiles do without is refused where it stands`(
        text: String,
        code: YAMLError.Code,
        line: Int,
        column: Int
    ) throws {
        let error = try #require(ParsedYAML(Array(text.utf8)).errors.first)
        #expect(error.code == code)
        #expect([error.range.start.line, error.range.start.column] == [line, column])
    }

    @Test(
        arguments: [
            ([0xFF, 0xFE, 0x61, 0x00], 0), ([0x61, 0xC3, 0x28], 1), ([0x61, 0x3A, 0x20, 0xED, 0xA0, 0x80], 3),
            ([0xC0, 0x80], 0), ([0xF4, 0x90, 0x80, 0x80], 0), ([0x61, 0x0A, 0xE2, 0x82], 2),
        ] as [([UInt8], Int)]
    )
    func `bytes that are no UTF-8 are refused at their offset`(bytes: [UInt8], offset: Int) throws {
        let parsed = ParsedYAML(bytes)
        let error = try #require(parsed.errors.first)
        #expect(parsed.root == nil)
        #expect(error.code == .notUTF8)
        #expect(error.range.start.offset == offset)
    }

    @Test func `a repeated key points at both places and keeps the first value`() throws {
        let parsed = ParsedYAML(Array("layer: 15\nname: x\nlayer: 12\n".utf8))
        let error = try #require(parsed.errors.first)
        #expect(error.message == "duplicate key 'layer'")
        #expect(error.related.map(\.range.start.line) == [1])
        guard case .mapping(let mapping) = try #require(parsed.root) else { return }
        #expect(mapping.entries.map(\.key.text) == ["layer", "name"])
    }

    @Test func `repeated keys are found among many`() {
        let text = (0..<50).map { "\($0): 1\n" }.joined() + "49: 2\n3: 2\n"
        #expect(ParsedYAML(Array(text.utf8)).errors.map(\.range.start.line) == [51, 52])
    }

    @Test func `what ends the reading is told even behind a hundred refusals`() {
        let text = (0..<150).map { "a\($0): &x 1\n" }.joined() + "b: ["
        let errors = ParsedYAML(Array(text.utf8)).errors
        #expect(errors.count == Limits.findings)
        #expect(errors.last?.code == .syntax)
    }

    @Test func `keys that are no text and aliases hide nothing that follows`() throws {
        let text = "? [a]\n: 1\n*x : 2\nb: *y\nb: 3\n? {c: 1}\n: {d: 1, d: 2}\ne: 4\n"
        let parsed = ParsedYAML(Array(text.utf8))
        #expect(
            parsed.errors.map(\.code)
                == [.complexKey, .alias, .alias, .duplicateKey, .complexKey, .duplicateKey]
        )
        #expect(parsed.errors.map(\.range.start.line) == [1, 3, 4, 5, 6, 7])
        guard case .mapping(let mapping) = try #require(parsed.root) else { return }
        #expect(mapping.entries.map(\.key.text) == ["b", "e"])
    }

    @Test func `several refusals are told in one run`() {
        let text = "a: &x 1\nb: !!str 2\n<<: {}\na: 3\n"
        #expect(ParsedYAML(Array(text.utf8)).errors.map(\.code) == [.anchor, .tag, .mergeKey, .duplicateKey])
    }
}
