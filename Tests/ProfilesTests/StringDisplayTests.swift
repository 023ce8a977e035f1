import Profiles
import Testing

struct StringDisplayTests {
    @Test func `a text that is cut ends with a whole character and a whole escape`() {
        let escape = String(repeating: "\u{202E}", count: 20).shortened(to: 20)
        #expect(escape == #"\u{202e}\u{202e}…"#)
        let pictures = String(repeating: "👩‍👩‍👧", count: 20).shortened(to: 20)
        #expect(pictures == "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧…")
        #expect("e\u{301}e\u{301}e\u{301}".shortened(to: 5) == "e\u{301}…")
        #expect("12345".shortened(to: 5) == "12345")
        #expect("123456".shortened(to: 5) == "12…")
        #expect(String(repeating: "\u{301}", count: 1000).shortened == "…")
    }
}
