import Profiles
import Testing

struct StringDisplayTests {
    @Test func `a flag that tags make is shown, and tags that hide a text are spelt out`() {
        let scotland = "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}"
        #expect("a \(scotland)\(scotland)!".escapedForDisplay == "a \(scotland)\(scotland)!")
        #expect("🏴\u{E0067}\u{E0062}".escapedForDisplay == #"🏴\u{e0067}\u{e0062}"#)
        #expect("a\u{E0067}\u{E007F}".escapedForDisplay == #"a\u{e0067}\u{e007f}"#)
        let hidden = scotland + "\u{E0067}\u{E007F}"
        #expect(hidden.escapedForDisplay == scotland + #"\u{e0067}\u{e007f}"#)
        let long = "🏴" + String(repeating: "\u{E0061}", count: 9) + "\u{E007F}"
        #expect(long.escapedForDisplay.hasPrefix(#"🏴\u{e0061}\u{e0061}"#))
    }

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
