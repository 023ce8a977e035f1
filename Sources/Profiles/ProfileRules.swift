/// The bounds of a profile's values, wherever they come from: a file, a request, the command line.
///
/// Each function gives the rule that a value breaks, as the end of a sentence; nil for a good value.
package enum ProfileRules {
    /// The greatest length of a display name, in Unicode scalars.
    package static let nameLength = 100
    /// The greatest length of a description, in Unicode scalars.
    package static let descriptionLength = 500
    /// The greatest length of a model's or SAE's name, in Unicode scalars.
    package static let referenceLength = 200
    /// The greatest number of a layer; no model has as many.
    package static let greatestLayer = 9_999
    /// The greatest feature index; no SAE has as many.
    package static let greatestIndex = 999_999_999
    /// The greatest strength either way.
    package static let greatestStrength = 10_000.0
    /// The greatest number of features in one profile.
    package static let features = 1_024

    static func brokenByName(_ name: String) -> String? {
        if name.isEmpty { return "it is empty" }
        if isLonger(name, than: nameLength) { return "it is longer than \(nameLength) characters" }
        if isPlain(name) { return nil }
        if name.unicodeScalars.contains(where: isLineBreak) { return "it has a line break" }
        if name.unicodeScalars.contains("\t") { return "it has a tab" }
        if name.unicodeScalars.contains(where: isControl) { return "it has a control character" }
        if name.unicodeScalars.allSatisfy(\.properties.isWhitespace) { return "it is only white space" }
        return nil
    }

    static func brokenByDescription(_ description: String) -> String? {
        if isLonger(description, than: descriptionLength) {
            return "it is longer than \(descriptionLength) characters"
        }
        if isPlain(description) { return nil }
        let hasControl = description.unicodeScalars.contains { scalar in
            switch scalar {
            case "\n", "\r", "\t", "\u{85}": false
            default: isControl(scalar)
            }
        }
        return hasControl ? "it has a control character" : nil
    }

    /// For the name of a model or of an SAE.
    static func brokenByReference(_ name: String) -> String? {
        if isLonger(name, than: referenceLength) { return "it is longer than \(referenceLength) characters" }
        if isPlain(name) { return nil }
        if name.unicodeScalars.allSatisfy(\.properties.isWhitespace) { return "it is empty" }
        if name.unicodeScalars.contains(where: { isControl($0) || isLineBreak($0) }) {
            return "it has a control character"
        }
        return nil
    }

    static func brokenByLayer(_ layer: Int) -> String? {
        (0...greatestLayer).contains(layer) ? nil : "it is not between 0 and \(greatestLayer)"
    }

    static func brokenByIndex(_ index: Int) -> String? {
        (0...greatestIndex).contains(index) ? nil : "it is not between 0 and \(greatestIndex)"
    }

    static func brokenByStrength(_ strength: Double) -> String? {
        if !strength.isFinite { return "it is not finite" }
        return abs(strength) <= greatestStrength ? nil : "it is not between -10000 and 10000"
    }

    /// Counts only where the bytes leave a doubt.
    private static func isLonger(_ text: String, than length: Int) -> Bool {
        text.utf8.count > length && text.unicodeScalars.count > length
    }

    /// Whether the text is printable ASCII and not only blanks, as nearly all are: no other rule can be broken then.
    private static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8.span
        // Without branches, so that the processor looks at many bytes at once.
        var (strangers, ink): (UInt8, UInt8) = (0, 0)
        for index in bytes.indices {
            strangers |= bytes[index] &- 0x20 < 0x5F ? 0 : 1
            ink |= bytes[index] ^ 0x20
        }
        return strangers == 0 && ink != 0
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }
}
