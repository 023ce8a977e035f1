import Profiles
import Testing

@Suite struct SpellingTests {
    @Test(arguments: [
        ("pirat", "pirate"), ("priate", "pirate"), ("Pirate", "pirate"), ("king-jmaes", "king-james"),
        ("calmm", "calm"), ("king-jaimse", "king-james"),
    ])
    func `a mistyped word finds what was meant`(word: String, meant: String) {
        #expect(Spelling.nearest(to: word, among: ["calm", "king-james", "pirate"]) == meant)
    }

    @Test func `a word that is like none finds nothing`() {
        #expect(Spelling.nearest(to: "shakespeare", among: ["calm", "king-james", "pirate"]) == nil)
        #expect(Spelling.nearest(to: "x", among: []) == nil)
        #expect(Spelling.nearest(to: "cat", among: ["calm"]) == nil)
    }
}
