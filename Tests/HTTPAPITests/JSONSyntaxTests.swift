import Testing

@testable import HTTPAPI

struct JSONSyntaxTests {
    @Test(
        arguments: [
            "null", "true", "false", " 0 ", "-0.5e+10", "1E5", "\"\"", "[]", "{}", "[1,[2,{\"a\":[]}]]",
            #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude42""#, "\"é🙂\"", "{\"a\" : 1 ,\t\"b\":\r\n[ ]}",
        ]
    )
    func `JSON has no fault`(text: String) {
        #expect(JSONSyntax.fault(in: Array(text.utf8)) == nil)
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
        let fault = try #require(JSONSyntax.fault(in: Array(text.utf8)))
        #expect(fault.line == line)
        #expect(fault.column == column)
        #expect(fault.message == message)
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
        #expect(JSONSyntax.fault(in: Array(text.utf8)) == nil)
        #expect(JSONSyntax.repeatedField(in: Array(text.utf8)) == field)
    }

    @Test func `a text that is not UTF-8 is found`() throws {
        let fault = try #require(JSONSyntax.fault(in: Array("[\"".utf8) + [0xFF] + Array("\"]".utf8)))
        #expect(fault.offset == 1)
        #expect(fault.message == "a text that is not UTF-8")
    }

    @Test func `nesting ends at the limit and not on the stack`() throws {
        let fits = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        #expect(JSONSyntax.fault(in: Array(fits.utf8)) == nil)
        let deep = String(repeating: "[", count: 1 << 20)
        #expect(JSONSyntax.fault(in: Array(deep.utf8))?.offset == 512)
    }
}
