import Profiles
import Testing

struct ProfileRulesTests {
    private func isName(_ name: String) -> Bool { (try? Profile(name: name).validate()) != nil }

    @Test func `no name is made of what Unicode calls white space or ignorable alone`() {
        let wrong = (0...0x10FFFF).compactMap(Unicode.Scalar.init).filter { scalar in
            let properties = scalar.properties
            let isHidden = properties.isWhitespace || properties.isDefaultIgnorableCodePoint
            let isOther = properties.generalCategory == .control || scalar == "\u{2800}"
            return isName(String(scalar)) == (isHidden || isOther)
        }
        #expect(wrong == [])
    }

    @Test func `a flag is a name, and its tags without it are none`() {
        let tags = "\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}"
        #expect(isName("🏴" + tags))
        #expect(!isName(tags))
        #expect(!isName("\u{200B}\u{FE0F}\u{E0101}\u{1D173}"))
        #expect((try? Profile(name: "A", model: tags).validate()) == nil)
    }
}
