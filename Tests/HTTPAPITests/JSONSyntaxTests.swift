import Testing
import YAML

@testable import HTTPAPI

struct JSONSyntaxTests {
    @Test(
        arguments: [
            "null", "true", "false", " 0 ", "-0.5e+10", "1E5", "\"\"", "[]", "{}", "[1,[2,{\"a\":[]}]]",
            #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude42""#, "\"é🙂\"", "\u{FEFF}{}", "{\"a\" : 1 ,\t\"b\":\r\n[ ]}",
        ]
    )
    func `JSON has no fault`(text: String) {
        #expect(JSONSyntax(Array(text.utf8)).fault == nil)
    }

    @Test(
        arguments: [
            ("", 1, 1, "a value is expected"),
            ("nul", 1, 1, "a value is expected"),
            ("{", 1, 2, "a key in quotes is expected"),
            ("{a:1}", 1, 2, "a key in quotes is expected"),
            (#"{"a" 1}"#, 1, 6, "':' is expected"),
            (#"{"a":}"#, 1, 6, "a value is expected"),
            (#"{"a":1,}"#, 1, 8, "a key in quotes is expected"),
            ("{\"é\":1\n\"b\":2}", 2, 1, "',' or '}' is expected"),
            ("[1 2]", 1, 4, "',' or ']' is expected"),
            ("[1,]", 1, 4, "a value is expected"),
            ("1 2", 1, 3, "the end is expected"),
            ("01", 1, 2, "the end is expected"),
            ("-", 1, 2, "a digit is expected"),
            ("1.", 1, 3, "a digit is expected"),
            ("1e", 1, 3, "a digit is expected"),
            ("NaN", 1, 1, "a value is expected"),
            (#""a"#, 1, 3, "a text without its closing quote"),
            ("\"a\nb\"", 1, 3, "a control character without its escape"),
            (#""\x""#, 1, 3, "an unknown escape"),
            (#""\u12g4""#, 1, 3, "an escape without four hexadecimal digits"),
            (#""\u12"#, 1, 3, "an escape without four hexadecimal digits"),
            (#""\ud800""#, 1, 8, "half of a surrogate pair"),
            (#""\udc00\ud800""#, 1, 8, "half of a surrogate pair"),
        ]
    )
    func `a fault is found where it is`(text: String, line: Int, column: Int, message: String) throws {
        let fault = try #require(JSONSyntax(Array(text.utf8)).fault)
        #expect(fault.line == line)
        #expect(fault.column == column)
        #expect(fault.message == message)
    }

    @Test(arguments: [[0xFF, 0xFE, 0x7B, 0, 0x7D, 0], [0xFE, 0xFF, 0, 0x7B], [0x1F, 0x8B, 8, 0]] as [[UInt8]])
    func `what is another encoding, or packed, is called so`(bytes: [UInt8]) {
        #expect(JSONSyntax(bytes).fault?.message == "no text in UTF-8")
    }

    @Test(arguments: ["\u{301}\u{327}", #"\u0301\u0327"#, "\u{301}\\u0327", #"\ud834\udd65\ud834\udd6d"#])
    func `marks without end are a fault wherever they are, and some are none`(marks: String) throws {
        let few = String(repeating: marks, count: Limits.marks / 2)
        #expect(JSONSyntax(Array("{\"e\(few)e\(few)\":\"e\(few)\"}".utf8)).fault == nil)
        for text in ["{\"e\(few)\(marks)\":1}", "[\"e\(few)\(marks)\"]"] {
            let fault = try #require(JSONSyntax(Array(text.utf8)).fault)
            #expect(fault.message == "more than 64 combining marks in a row")
        }
    }

    @Test(
        arguments: [
            (#"{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}"#, nil), (#"[1,1,"a","a"]"#, nil),
            (#"{"a":1,"a":1}"#, "a"), (#"{"a":{"1":1,"2":2,"1":3}}"#, "a.1"), (#"{"a":1,"\u0061":{}}"#, "a"),
            (#"{"messages":[{},{"role":"user","role":"system"}]}"#, "messages[1].role"),
            (#"[{"a":1,"a":1},{"b":1,"b":1}]"#, "[0].a"), (#"{"":1,"":2}"#, ""), (#"{"é":1,"\u00e9":2}"#, "é"),
        ] as [(String, String?)]
    )
    func `the first field that is given twice is found`(text: String, field: String?) {
        #expect(JSONSyntax(Array(text.utf8)).fault == nil)
        #expect(JSONSyntax(Array(text.utf8)).repeatedField == field)
    }

    @Test func `an object with too many members ends the walk where it has them`() {
        let members = (0..<5).map { #""\#($0)":0"# }.joined(separator: ",")
        let text = Array("{\"a\":{\(members)},\"b\":{\"a\":{\(members)}}".utf8)
        #expect(JSONSyntax(text, limits: ["a": 4]).crowdedField == "a")
        // It never comes to the brace that is missing.
        #expect(JSONSyntax(text, limits: ["a": 4]).fault == nil)
        for limits in [[:], ["a": 5], ["b": 1]] {
            #expect(JSONSyntax(text, limits: limits).crowdedField == nil)
            #expect(JSONSyntax(text, limits: limits).fault?.message == "',' or '}' is expected")
        }
    }

    @Test func `a text that is not UTF-8 is found`() throws {
        let fault = try #require(JSONSyntax(Array("[\"".utf8) + [0xFF] + Array("\"]".utf8)).fault)
        #expect(fault.offset == 1)
        #expect(fault.message == "a text that is not UTF-8")
    }

    @Test func `nesting ends at the limit and not on the stack`() throws {
        let fits = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        #expect(JSONSyntax(Array(fits.utf8)).fault == nil)
        let deep = String(repeating: "[", count: 1 << 20)
        #expect(JSONSyntax(Array(deep.utf8)).fault?.offset == 512)
    }
}
