import Testing

@testable import MillmCommands

@Suite struct SuggestionTests {
    @Test(arguments: [
        ("pirat", "pirate"), ("priate", "pirate"), ("Pirate", "pirate"), ("king-jmaes", "king-james"),
        ("calmm", "calm"), ("king-jaimse", "king-james"),
    ])
    func `a mistyped word finds what was meant`(word: String, meant: String) {
        #expect(Suggestion.nearest(to: word, in: ["calm", "king-james", "pirate"]) == meant)
    }

    @Test func `a word that is like none finds nothing`() {
        #expect(Suggestion.nearest(to: "shakespeare", in: ["calm", "king-james", "pirate"]) == nil)
        #expect(Suggestion.nearest(to: "x", in: []) == nil)
        #expect(Suggestion.nearest(to: "cat", in: ["calm"]) == nil)
    }
}
