/// Texts of up to 1 MiB that are made to cost a reader much.
struct CostlyText {
    let name: String
    let text: String

    private init(_ name: String, head: String = "", _ piece: String, tail: String = "") {
        self.name = name
        let room = Self.size - head.utf8.count - tail.utf8.count
        text = head + String(repeating: piece, count: room / piece.utf8.count) + tail
    }

    private init(_ name: String, lines: (Int) -> String, head: String = "") {
        self.name = name
        var text = head
        var number = 0
        while true {
            let line = lines(number)
            guard text.utf8.count + line.utf8.count <= Self.size else { break }
            text += line
            number += 1
        }
        self.text = text
    }

    private static let size = 1 << 20
    private static let head = "version: 1\nname: x\nsteering: {}\n"

    static let all: [CostlyText] = flow + block + properties + scalars + lineBreaks + many + wrong

    private static let flow = [
        CostlyText("[", "["), CostlyText("{", "{"), CostlyText("[ on lines", "[\n"), CostlyText("{a: ", "{a: "),
        CostlyText("64 [, then blanks", head: String(repeating: "[", count: 64), " "),
        CostlyText("64 [, then line breaks", head: String(repeating: "[", count: 64), "\n"),
        CostlyText("[] in a list", head: "[", "[],"), CostlyText("{} in a list", head: "[", "{},", tail: "]"),
        CostlyText("commas", head: "[", ","), CostlyText("colons in braces", head: "{", ":,"),
        CostlyText("? in braces", head: "{", "? ,"), CostlyText("pairs in a list", head: "[", "a: b,", tail: "]"),
        CostlyText("]", "]"), CostlyText("colons", ":"), CostlyText("colons and blanks", ": "),
        CostlyText("dashes", "-"),
        CostlyText("64 levels, again and again", head: "[", nested, tail: "1]"),
        CostlyText("lists as keys", "? [a]\n: b\n"),
        CostlyText("lists as keys in braces", head: "{", "[a]: b,", tail: "}"),
        CostlyText("mappings as keys", "? a: 1\n: b\n"),
        CostlyText("one line of features", lines: { "\($0): 1.5," }, head: "{version: 1, name: x, steering: {"),
    ]

    private static let nested = String(repeating: "[", count: 62) + String(repeating: "]", count: 62) + ","

    private static let block = [
        CostlyText("- - -", "- "), CostlyText("? ? ?", "? "), CostlyText("- on lines", "-\n"),
        CostlyText(": on lines", ":\n"), CostlyText("? on lines", "?\n"),
        CostlyText("deep indentation", lines: { String(repeating: " ", count: $0) + "a:\n" }),
        CostlyText("deep list", lines: { String(repeating: " ", count: $0) + "-\n" }),
        CostlyText("steps of indentation", head: "a:\n", " b:\n  c:\n   d: 1\n"),
        CostlyText("---", "---\n"), CostlyText("...", "...\n"), CostlyText("--- behind a profile", head: head, "---\n"),
        CostlyText("comments", head: head, "# note\n"), CostlyText("one comment", head: head + "#", "x"),
        CostlyText("comments before", "#\n", tail: head), CostlyText("blank lines", "\n", tail: head),
        CostlyText("carriage returns", "\r", tail: head), CostlyText("blanks behind", head: head, " "),
        CostlyText("tabs", "\t"), CostlyText("blank lines behind", head: head, " \n"),
        CostlyText("lines before a key", "w\n", tail: "a: 1\n"),
        CostlyText("blank lines before a line too far right", head: "a: 1\n", "\n", tail: "  b: 2\n"),
        CostlyText("blank lines before a wide space", head: "a: 1\n", "\n", tail: "  \u{3000}b: 2\n"),
        CostlyText("an open quote far above", head: "a: \"", "x\n", tail: "b: c\n d\" e\n"),
        CostlyText("an open bracket far above", head: "a: [", "#\n"),
        CostlyText("percent signs", head: "#", "%", tail: "\n"),
        CostlyText("values left out in braces", head: "{", "#\n,a", tail: "}"),
    ]

    private static let properties = [
        CostlyText("&a", "&a "), CostlyText("&a on lines", head: "-\n", "- &a x\n"), CostlyText("*a", "*a "),
        CostlyText("*a on lines", "- *a\n"), CostlyText("!", "! "), CostlyText("! on lines", "- ! x\n"),
        CostlyText("one long anchor", head: "a: &", "a"), CostlyText("one long tag", head: "a: !", "a"),
        CostlyText("anchors on keys", lines: { "&a\($0) k\($0): 1\n" }), CostlyText("%TAG", "%TAG !a! x\n"),
        CostlyText("%TAG, numbered", lines: { "%TAG !a\($0)! x\n" }), CostlyText("%", "%"),
        CostlyText("% lines", "%\n"),
        CostlyText("%TAG behind a profile", head: head + "...\n", "%TAG !a! x\n"),
        CostlyText("<<", head: head, "<<: 1\n"), CostlyText("tags with escapes", head: "a: !", "%41"),
    ]

    private static let scalars = [
        CostlyText("one plain scalar", head: "a: ", "x"), CostlyText("one word", "x"), CostlyText("words", "x "),
        CostlyText("plain over lines", head: "a: x\n", "  x\n"),
        CostlyText("plain over lines with blanks", head: "a: x\n", "  x  \n\n"),
        CostlyText("double quotes over lines", head: "a: \"", "x\n ", tail: "\""),
        CostlyText("single quotes over lines", head: "a: '", "x\n ", tail: "'"),
        CostlyText("open double quote", head: "a: \"", "x"), CostlyText("open single quote", head: "a: '", "''"),
        CostlyText("quotes", "\""), CostlyText("quotes in turn", "\"'"), CostlyText("single quotes", "'"),
        CostlyText("escapes", head: "a: \"", "\\n", tail: "\""), CostlyText("bad escapes", head: "a: \"", "\\q"),
        CostlyText("surrogate pairs", head: "a: \"", "\\ud83d\\ude00", tail: "\""),
        CostlyText("backslashes", head: "a: \"", "\\\\", tail: "\""),
        CostlyText("literal block", head: "a: |\n", "  x\n"),
        CostlyText("literal blank lines", head: "a: |\n  x\n", "\n"),
        CostlyText("folded block", head: "a: >\n", "  x\n"), CostlyText("folded blanks", head: "a: >\n", "   \n"),
        CostlyText("quotes in quotes", head: "a: '", "''", tail: "'"),
        CostlyText("escaped quotes", head: "a: \"", "\\\"", tail: "\""),
        CostlyText("escaped characters", head: "a: \"", "\\u263a\\x41\\U0001F600", tail: "\""),
        CostlyText("escaped line breaks", head: "a: \"", "x\\\n ", tail: "\""),
        CostlyText(
            "surrogate pairs in a name",
            head: "version: 1\nsteering: {}\nname: \"",
            "\\ud83d\\ude00",
            tail: "\""
        ),
        CostlyText("surrogate pairs as keys", lines: { "\"\\ud83d\\ude00\($0)\": 1\n" }),
        CostlyText("surrogate pairs in a comment", head: head + "# ", "\\ud83d\\ude00"),
        CostlyText("surrogate pairs and emoji", head: "a: \"", "\\ud83d\\ude00\u{1F600}", tail: "\""),
        CostlyText("halves of surrogate pairs", head: "a: \"", "\\ud83d", tail: "\""),
        CostlyText("block with an indentation", head: "a: |9\n", "         x\n"),
        CostlyText("block with a wrong indentation", head: "a: |9\n", "  x\n"),
        CostlyText("folded with an indentation", head: "a: >1+\n", "  x\n x\n\n"),
        CostlyText("many blocks", lines: { "k\($0): |2-\n    x\n\n" }), CostlyText("emoji", head: "a: ", "\u{1F600}"),
        CostlyText("noncharacters", head: "a: \u{2028}", "\u{10FFFF}\u{FFFFE}"),
        CostlyText("escaped stand-ins", head: "a: \"\u{2028}", "\\U0010FFFF\\U0010fffe", tail: "\""),
        CostlyText("backslashes and separators", head: "a: '", "\\\\U\u{2028}", tail: "'"),
        CostlyText("one long key", head: "", "k", tail: ": 1\n"),
        CostlyText("a long unknown key", head: head, "k", tail: ": 1"),
        CostlyText("quoted long key", head: head + "\"", "k", tail: "\": 1"),
        CostlyText("long strength", head: "version: 1\nname: x\nsteering:\n  1: ", "9"),
        CostlyText("long exponent", head: "version: 1\nname: x\nsteering:\n  1: 1e", "9"),
        CostlyText("long fraction", head: "version: 1\nname: x\nsteering:\n  1: 0.", "9"),
        CostlyText("commas in a strength", head: "version: 1\nname: x\nsteering:\n  1: 1", ",1"),
        CostlyText("long name", head: "version: 1\nsteering: {}\nname: ", "e\u{301}"),
        CostlyText("marks in a key", head: "version: 1\nname: x\nsteering: {}\n? v", "\u{301}\u{323}", tail: "\n: 1\n"),
        CostlyText("marks by escapes", head: "version: 1\nsteering: {}\nname: \"v", "\\u0301\\u0323", tail: "\""),
        CostlyText(
            "as many marks as may be",
            head: "version: 1\nname: x\nsteering: {}\n? v",
            String(repeating: "\u{301}\u{323}", count: 32) + "e",
            tail: "\n: 1\n"
        ),
        CostlyText(
            "a name of marks",
            head: "version: 1\nsteering: {}\nname: v",
            String(repeating: "\u{301}\u{323}", count: 32) + "e"
        ),
        CostlyText("NUL at the end", head: head + "# ", "x", tail: "\0"),
        CostlyText("bad UTF-8 far behind", head: head, "# \u{1F600}\n", tail: "\u{7F}"),
    ]

    private static let lineBreaks = [
        CostlyText("line separators", head: "a: \"", "\u{2028}", tail: "\""),
        CostlyText("line separators between words", head: "a: ", "x\u{2028}"),
        CostlyText("paragraph separators", head: "a: '", "\u{2029}", tail: "'"),
        CostlyText("next lines", head: "a: ", "\u{85}x"),
        CostlyText("next lines in quotes", head: "a: '", "\u{85}", tail: "'"),
        CostlyText("next lines in a block", head: "a: |\n", "  \u{85}\n"),
        CostlyText("next lines in keys", lines: { "\u{85}\($0): 1\n" }),
        CostlyText("next lines in comments", head: head, "# \u{85}\n"),
        CostlyText("CRLF", head: head, "\r\n"), CostlyText("CRLF, words", head: "a: x\r\n", "  x\r\n"),
        CostlyText("CRLF, comments", head: head, "# x\r\n"),
        CostlyText("byte order mark, comments", head: "\u{FEFF}" + head, "# \u{E9}\n"),
        CostlyText("byte order marks", head: head + "# ", "\u{FEFF}"),
        CostlyText("\u{E9} in features", lines: { "  \($0): 1 # \u{E9}\n" }, head: "version: 1\nname: x\nsteering:\n"),
    ]

    private static let many = [
        CostlyText("one key again and again", head: head, "name: y\n"), CostlyText("one short key", "a: 1\n"),
        CostlyText("keys", lines: { "k\($0): 1\n" }, head: head),
        CostlyText("features", lines: { "  \($0): 1\n" }, head: "version: 1\nname: x\nsteering:\n"),
        CostlyText("features in braces", lines: { "\($0): 1, " }, head: "{version: 1, name: x, steering: {"),
        CostlyText("bad features", lines: { "  x\($0): y\n" }, head: "version: 1\nname: x\nsteering:\n"),
        CostlyText("bad features on one line", lines: { "x\($0): y, " }, head: "{version: 1, name: x, steering: {"),
        CostlyText(
            "equivalent keys",
            lines: { $0 % 2 == 0 ? "  \u{E9}\($0): 1\n" : "  e\u{301}\($0 - 1): 1\n" },
            head: "a:\n"
        ),
        CostlyText("long keys, all alike", lines: { String(repeating: "k", count: 100) + "\($0): 1\n" }),
        CostlyText("20 000 nodes", head: "[", "1,"),
        limited("9 990 keys", "k", count: 9_990),
        limited("9 990 bad features", "  x", count: 9_990, head: "steering:\n"),
        limited("9 990 twins", "a", count: 9_990, isNumbered: false),
        onOneLine("9 990 bad features on a line", 9_990),
    ]

    /// Findings of each kind, as many as nodes are allowed, in lines that fill the file.
    private static let wrong = [
        wrong("indices", { "x\($0)" }, "1"), wrong("long indices", { $0 + String(repeating: "9", count: 60) }, "1"),
        wrong("numbers as indices", { "-\($0).5" }, "1"), wrong("strengths", \.self, "x"),
        wrong("strengths out of range", \.self, "1e9"), wrong("strengths of many digits", \.self, digits),
        wrong("quoted strengths", \.self, "\"1.5\""), wrong("strengths with a comma", \.self, "1,5"),
        wrong("missing strengths", \.self, ""), wrong("lists as strengths", \.self, "[]", nodes: 3),
        wrong("anchors", \.self, "&a 1"), wrong("tags", \.self, "!a 1"), wrong("aliases", \.self, "*a"),
        wrong("merge keys", { _ in "<<" }, "1"), wrong("duplicate keys", { _ in "1" }, "1"),
        wrong("long duplicate keys", { _ in String(repeating: "\u{202E}", count: 33) }, "1"),
        wrong("lists as keys", { "[\($0)]" }, "1", nodes: 3), wrong("aliases as keys", { _ in "*a " }, "1"),
        wrong("unknown keys", { "namee\($0)" }, "1", head: "version: 1\n", margin: ""),
        wrong(
            "long unknown keys",
            { String(repeating: "namesteer", count: 6) + $0 },
            "1",
            head: "version: 1\n",
            margin: ""
        ),
        wrong("unknown keys of an export", { "namee\($0)" }, "1", head: "type: x\nprofile: {}\n", margin: ""),
    ]

    private static let digits = "1." + String(repeating: "123456789", count: 5)

    /// - Parameters:
    ///   - key: Writes a key with a number.
    ///   - nodes: How many nodes a line comes to.
    private static func wrong(
        _ name: String,
        _ key: (String) -> String,
        _ value: String,
        nodes: Int = 2,
        head: String = "version: 1\nname: x\nsteering:\n",
        margin: String = "  "
    ) -> CostlyText {
        let count = 19_990 / nodes
        let lines = (0..<count).map { margin + key("\($0)") + ": " + value }
        let room = size - head.utf8.count - lines.reduce(0) { $0 + $1.utf8.count + 4 }
        let note = " # " + String(repeating: "x", count: max(0, room / count)) + "\n"
        return CostlyText("wrong: " + name, text: head + lines.map { $0 + note }.joined())
    }

    /// Just within the limit of nodes.
    private static func limited(
        _ name: String,
        _ key: String,
        count: Int,
        head: String = "",
        isNumbered: Bool = true
    ) -> CostlyText {
        let lines = (0..<count).map { key + (isNumbered ? "\($0)" : "") + ": y\n" }
        return CostlyText(name, text: head + lines.joined())
    }

    private static func onOneLine(_ name: String, _ count: Int) -> CostlyText {
        let entries = (0..<count).map { "x\($0): y" + String(repeating: " ", count: 90) }
        return CostlyText(name, text: "{version: 1, name: x, steering: {" + entries.joined(separator: ", ") + "}}")
    }

    private init(_ name: String, text: String) {
        self.name = name
        self.text = text
    }
}
