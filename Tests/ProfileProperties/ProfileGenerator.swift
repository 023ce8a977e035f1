package import Profiles

/// Makes up valid profiles, with texts that are hard to write.
package struct ProfileGenerator {
    private var random: SeededGenerator

    private static let pieces: [String] = [
        "King", "James", " ", "  ", ": ", " #", "'", "\"", "\\", "-", "- ", "null", "~", "no", "12", "1e3", "{", "}",
        "[",
        "]", ",", "&a", "*a", "!", "|", ">", "%", "@", "`", "\u{E9}", "e\u{301}", "\u{1F600}", "\u{5B57}", "\u{FEFF}",
        "\u{10FFFF}", "=", "<<", "?", "...", "---", "\\ud83d\\ude00", "$", "/", "y", "\u{A0}", "\u{200D}",
    ]
    private static let breaks: [String] = ["\n", "\n\n", "\t", "\u{2028}", "\u{2029}", "\r", "\r\n", "\n  ", "\u{85}"]

    package init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    package mutating func profile() -> Profile {
        Profile(
            name: line(),
            description: chance(0.5) ? text() : nil,
            model: chance(0.5) ? line() : nil,
            sae: chance(0.5) ? line() : nil,
            layer: chance(0.5) ? Int.random(in: 0...9_999, using: &random) : nil,
            steering: steering()
        )
    }

    /// Changes of one or more fields.
    package mutating func changes() -> ProfileChanges {
        var changes = ProfileChanges()
        let other = profile()
        if chance(0.3) { changes.name = other.name }
        if chance(0.3) { changes.description = .some(other.description) }
        if chance(0.3) { changes.model = .some(other.model) }
        if chance(0.3) { changes.sae = .some(other.sae) }
        if chance(0.3) { changes.layer = .some(other.layer) }
        if chance(0.5) { changes.steering = other.steering }
        return changes
    }

    /// Strengths that differ from the old ones in some entries.
    package mutating func variation(of steering: [Int: Double]) -> [Int: Double] {
        var result = steering
        for index in steering.keys.sorted() {
            if chance(0.25) { result[index] = nil } else if chance(0.25) { result[index] = strength() }
        }
        while chance(0.4) { result[Int.random(in: 0...3_071, using: &random)] = strength() }
        return result
    }

    package mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &random) < probability
    }

    package mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &random)]
    }

    package mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        elements.shuffled(using: &random)
    }

    private mutating func line() -> String {
        while true {
            let text = (0..<Int.random(in: 1...6, using: &random)).map { _ in pick(Self.pieces) }.joined()
            if (try? Profile(name: text).validate()) != nil { return text }
        }
    }

    private mutating func text() -> String {
        (0..<Int.random(in: 0...8, using: &random))
            .map { _ in chance(0.3) ? pick(Self.breaks) : pick(Self.pieces) }.joined()
    }

    private mutating func steering() -> [Int: Double] {
        let count = chance(0.2) ? 0 : Int.random(in: 1...6, using: &random)
        return (0..<count).reduce(into: [:]) { steering, _ in
            steering[Int.random(in: 0...3_071, using: &random)] = strength()
        }
    }

    private mutating func strength() -> Double {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: Double(Int.random(in: -300...300, using: &random))
        case 1: Double(Int.random(in: -3000...3000, using: &random)) / 10
        case 2: Double.random(in: -10_000...10_000, using: &random)
        case 3: Double.random(in: -1e-6...1e-6, using: &random)
        default: pick([0, 10_000, -10_000, Double.leastNonzeroMagnitude])
        }
    }
}
