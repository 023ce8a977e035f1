import Testing

@testable import YAML

@Suite struct SyntaxFaultTests {
    private func error(_ text: String) throws -> YAMLError {
        try #require(ParsedYAML(Array(text.utf8)).errors.last)
    }

    // MARK: Where and what

    typealias Fault = (text: String, line: Int, column: Int, message: String)

    @Test(arguments: [
        ("name: x\ndescription y\nlayer: 3\n", 2, 1, "missing ':' after this key"),
        ("version:1\nname: x\n", 1, 8, "a space is missing behind this ':'"),
        ("a: 1\n\u{E9}layer:15\nb: 2\n", 2, 7, "a space is missing behind this ':'"),
        ("a:\n  5:1\n  6: 2\n", 2, 4, "a space is missing behind this ':'"),
        ("a: 1\nb\u{FF1A} 2\nc: 3\n", 2, 2, "this is a wide colon (U+FF1A), which ends no key"),
        ("a: 1\nb = 2\nc: 3\n", 2, 3, "a key is followed by ':', not by '='"),
        ("a = 1\nb = 2\nc: 3\n", 1, 3, "a key is followed by ':', not by '='"),
        ("a:\n  5=1\n  6: 2\n", 2, 4, "a key is followed by ':', not by '='"),
        ("a: 1\n// b\nc: 3\n", 2, 1, "this is no comment"),
        ("{\n  \"a\": 1,\n  // b\n  \"c\": 3\n}\n", 3, 3, "this is no comment"),
        ("a: b: c\n", 1, 5, "this ':' cannot stand here"),
        ("a: \"b\n  \u{3000}c\" x\n", 2, 7, "text stands behind the closing quote"),
        ("a: \u{201C}b: c\u{201D}\n", 1, 4, "'\u{201C}' does not quote"),
        ("\u{FEFF}a: 1\r\n\u{1F600}b\r\nc: 1\r\n", 2, 1, "missing ':' after this key"),
    ])
    func `a colon that is missing or too much is shown where it has to be mended`(fault: Fault) throws {
        try expect(fault)
    }

    @Test(arguments: [
        ("a:\n\tb: 1\n", 2, 1, "a tab cannot indent"), ("a: 1\n\tb: 1\n", 2, 1, "a tab cannot indent"),
        ("a: |\n\tb\n", 2, 1, "a tab cannot indent"),
        (" a: 1\nb: 2\n", 2, 1, "this line is indented less than the first key"),
        ("a: 1\n  b: 2\n", 2, 3, "this line is indented further than the key above it, which has a value already"),
        (
            "a: one\n  \u{3000}b: 2\n", 2, 3,
            "this line is indented further than the key above it, which has a value already"
        ),
        ("a: 1\n\n# x\n b: 2\n", 4, 2, "the indentation of this line fits none of the lines above it"),
        (
            "a: one\n  two\n  b: 2\n", 3, 3,
            "this line is indented further than the key above it, which has a value already"
        ),
        (
            "a:\n  5: 1\n   6: 2\n", 3, 4,
            "this line is indented further than the key above it, which has a value already"
        ),
        ("a:\n  5: 1\n 6: 2\n", 3, 2, "the indentation of this line fits none of the lines above it"),
        ("a:\n    5: 1\n  6: 2\n", 3, 3, "the indentation of this line fits none of the lines above it"),
        ("a:\n  5: 1\n  - 6\n", 3, 3, "a list cannot stand among keys"),
        ("a:\n  - 5: 1\n  6: 2\n", 3, 3, "this is no item of the list above it"),
    ])
    func `a line whose indentation does not fit is shown`(fault: Fault) throws {
        try expect(fault)
    }

    @Test(arguments: [
        ("a: \"x\nb: 2\n", 1, 4, "this quote is not closed"),
        ("a: \"x\nb: \"y\"\n", 1, 4, "this quote is not closed"),
        ("a: 'x\nb: it's\n", 1, 4, "this quote is not closed"), ("a: \"x\n---\n", 1, 4, "this quote is not closed"),
        ("{\n  \"a\": \"x,\n  \"b\": 1\n}\n", 2, 8, "this quote is not closed"),
        ("a: 'it's'\n", 1, 8, "text stands behind the closing quote"),
        ("a: \"x\" y\n", 1, 8, "text stands behind the closing quote"),
        ("a: \"x\n  y\" z\n", 2, 6, "text stands behind the closing quote"),
        ("{a: \"x\"y}\n", 1, 8, "text stands behind the closing quote"),
        ("a: \"x\",\nb: 1\n", 1, 7, "a ',' cannot stand here"),
        ("a: {};\n", 1, 6, "text is not expected here"),
    ])
    func `a quote that is not closed is shown where it was opened`(fault: Fault) throws {
        try expect(fault)
    }

    @Test(arguments: [
        ("a: [1, 2\nb: 3\n", 1, 4, "this '[' is not closed"), ("a: {5: 1\nb: 3\n", 1, 4, "this '{' is not closed"),
        ("a: {5: 1,\nb: 3\n", 1, 4, "this '{' is not closed"), ("a: [", 1, 4, "this '[' is not closed"),
        ("a: {5: [1, 2\n\n# x\n", 1, 8, "this '[' is not closed"), ("{a: 1\n...\n", 1, 1, "this '{' is not closed"),
        ("{\"a\": {\"5\": 1}\n", 1, 1, "this '{' is not closed"),
        ("{\n  \"a\": 1\n  \"b\": 2\n}\n", 2, 8, "a ',' is missing behind this"),
        ("{\n\"a\": 1\n\"b\": 2\n}\n", 2, 6, "a ',' is missing behind this"),
        ("a: {5: 1]\n", 1, 9, "this does not close the '{'"), ("a: [5}\n", 1, 6, "this does not close the '['"),
        ("{\"a\" 1}\n", 1, 6, "a ',' or '}' is missing before this"),
        ("{a: 1; b: 2}\n", 1, 9, "this ':' cannot stand here"),
        ("a: {}}\n", 1, 6, "this '}' closes nothing"), ("{a: 1}}\n", 1, 7, "this '}' closes nothing"),
        ("[a]]\n", 1, 4, "this ']' closes nothing"), ("a: 1\n}\n", 2, 1, "this '}' closes nothing"),
        ("a: ]b\n", 1, 4, "this ']' closes nothing"),
        ("{a: 1}\nb: 2\n", 2, 1, "text stands behind the end of the profile"),
    ])
    func `brackets that do not match are shown`(fault: Fault) throws {
        try expect(fault)
    }

    private func expect(_ fault: Fault) throws {
        let error = try error(fault.text)
        #expect(error.code == .syntax)
        #expect([error.range.start.line, error.range.start.column] == [fault.line, fault.column])
        #expect(error.message == fault.message)
        #expect(error.help?.isEmpty == false)
    }

    // MARK: Every sentence of libyaml's

    /// What libyaml 0.2.5's scanner and parser say that a text can still make them say, each with such a text.
    @Test(arguments: [
        ("@", "found character that cannot start any token", YAMLError.Code.syntax, "text cannot start with '@'"),
        ("%", "found character that cannot start any token", .syntax, "text cannot start with '%'"),
        (
            "- x", "block sequence entries are not allowed in this context", .syntax,
            "text cannot start with '-' and a space"
        ),
        ("? x", "mapping keys are not allowed in this context", .syntax, "text cannot start with '?' and a space"),
        (", x", "did not find expected node content", .syntax, "text cannot start with ','"),
        ("{5: 1, 6:,}", "found unexpected ':'", .syntax, "nothing stands behind this ':'"),
        ("\"\\q\"", "found unknown escape character", .escape, "unknown escape in double quotes"),
        ("\"\\xZZ\"", "did not find expected hexdecimal number", .escape, "this escape needs hexadecimal digits"),
        (
            "\"\\ud83d\"", "found invalid Unicode character escape code", .escape,
            "this escape stands for no character; half of a surrogate pair?"
        ),
        ("| x", "did not find expected comment or line break", .syntax, "text cannot follow on the line of '|' or '>'"),
        (">0\n  x", "found an indentation indicator equal to 0", .syntax, "the number behind '|' or '>' cannot be 0"),
        (">+0\n  x", "found an indentation indicator equal to 0", .syntax, "the number behind '|' or '>' cannot be 0"),
        ("*", "did not find expected alphabetic or numeric character", .alias, "aliases are not accepted"),
        ("*b*", "did not find expected alphabetic or numeric character", .alias, "aliases are not accepted"),
        ("& x", "did not find expected alphabetic or numeric character", .anchor, "anchors are not accepted"),
        ("!<x", "did not find the expected '>'", .tag, "tags are not accepted"),
        ("!<>", "did not find expected tag URI", .tag, "tags are not accepted"),
        ("!a!b x", "found undefined tag handle", .tag, "tags are not accepted"),
        ("!x^", "did not find expected whitespace or line break", .tag, "tags are not accepted"),
        ("!x%zz", "did not find URI escaped octet", .tag, "tags are not accepted"),
        ("!x%ff", "found an incorrect leading UTF-8 octet", .tag, "tags are not accepted"),
        ("!x%c3%41", "found an incorrect trailing UTF-8 octet", .tag, "tags are not accepted"),
    ])
    func `what libyaml says is said in words for people`(
        value: String,
        problem: String,
        code: YAMLError.Code,
        message: String
    ) throws {
        let bytes = Array("a: \(value)\n".utf8)
        let failure = EventParser.read(bytes[...]) { parser in
            #expect(throws: ParserFailure.self) { while true { try parser.advance() } }
        }
        #expect(failure??.problem == problem)
        let error = try error("a: \(value)\n")
        #expect(error.code == code)
        #expect(error.message == message)
        #expect(error.range.start.line == 1)
    }

    @Test func `a directive without its '---', and one behind keys, are told of`() throws {
        #expect(try error("%YAML 1.2\na: 1\n").message == "a line '---' is missing before this")
        #expect(try error("a: 1\n%YAML 1.2\nb: 1\n").code == .directive)
    }

    /// All that stands in libyaml 0.2.5's scanner.c and parser.c.
    private static let problems = [
        "block sequence entries are not allowed in this context", "could not find expected ':'",
        "could not find expected directive name", "did not find expected '!'", "did not find expected ',' or ']'",
        "did not find expected ',' or '}'", "did not find expected '-' indicator",
        "did not find expected <document start>", "did not find expected alphabetic or numeric character",
        "did not find expected comment or line break", "did not find expected digit or '.' character",
        "did not find expected hexdecimal number", "did not find expected key", "did not find expected node content",
        "did not find expected tag URI", "did not find expected version number", "did not find expected whitespace",
        "did not find expected whitespace or line break", "did not find the expected '>'",
        "did not find URI escaped octet", "found a tab character that violates indentation",
        "found a tab character where an indentation space is expected", "found an incorrect leading UTF-8 octet",
        "found an incorrect trailing UTF-8 octet", "found an indentation indicator equal to 0",
        "found character that cannot start any token", "found duplicate %TAG directive",
        "found duplicate %YAML directive", "found extremely long version number", "found incompatible YAML document",
        "found invalid Unicode character escape code", "found undefined tag handle", "found unexpected ':'",
        "found unexpected document indicator", "found unexpected end of stream",
        "found unexpected non-alphabetical character", "found unknown directive name", "found unknown escape character",
        "mapping keys are not allowed in this context", "mapping values are not allowed in this context",
    ]

    @Test(arguments: problems)
    func `no sentence of libyaml's is shown as it is`(problem: String) {
        let contexts = [
            "", "while scanning a directive", "while scanning a tag", "while scanning a block scalar",
            "while scanning an alias", "while scanning an anchor",
        ]
        let errors = contexts.map { context in
            SyntaxFault(
                ParserFailure(problem: problem, mark: 3, context: context, contextMark: 0, isOutOfMemory: false),
                in: Array("a: b\n".utf8)
            ).error
        }
        #expect(errors.allSatisfy { !$0.message.contains(problem) })
        #expect(errors.contains { $0.message != "the text cannot be read on from here" })
    }

    @Test func `what ends a file of a megabyte is found quickly enough`() {
        let text = String(repeating: "word\n", count: 200_000) + "a: 1\n"
        #expect(ParsedYAML(Array(text.utf8)).errors.last?.message == "missing ':' after this key")
    }
}
