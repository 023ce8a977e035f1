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
        return isInvisible(name) ? "nothing in it is visible" : nil
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
        if isInvisible(name) { return "it is empty" }
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

    /// The characters that show nothing, control characters and line breaks among them: what Unicode calls
    /// `White_Space` or `Default_Ignorable_Code_Point`, and the empty pattern of Braille.
    private static let invisible: [ClosedRange<UInt32>] = [
        0...0x20, 0x7F...0xA0, 0xAD...0xAD, 0x34F...0x34F, 0x61C...0x61C, 0x115F...0x1160, 0x1680...0x1680,
        0x17B4...0x17B5, 0x180B...0x180F, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F, 0x2800...0x2800,
        0x3000...0x3000, 0x3164...0x3164, 0xFE00...0xFE0F, 0xFEFF...0xFEFF, 0xFFA0...0xFFA0, 0xFFF0...0xFFF8,
        0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE0FFF,
    ]

    private static func isInvisible(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in invisible.contains { $0.contains(scalar.value) } }
    }

    /// The regular expression (ECMA 262) of a line with something to see: the rule for names, but for its length.
    ///
    /// Every character is spelt out, because the languages differ in what `\s` is; those from U+10000 stand there
    /// themselves, because the languages differ in how to escape them, too.
    package static let linePattern: String = {
        let (start, end) = (
            #"^[^\u0000-\u001F\u007F-\u009F\u2028\u2029]*"#, #"[^\u0000-\u001F\u007F-\u009F\u2028\u2029]*$"#
        )
        func escaped(_ value: UInt32) -> String {
            if value > 0xFFFF { return Unicode.Scalar(value).map { String($0) } ?? "" }
            let digits = String(value, radix: 16, uppercase: true)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        let ranges = invisible.map { escaped($0.lowerBound) + ($0.count > 1 ? "-" + escaped($0.upperBound) : "") }
        return start + "[^" + ranges.joined() + "]" + end
    }()

    /// The regular expression of a text without control characters, line breaks and tabs aside.
    package static let prosePattern = #"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u0084\u0086-\u009F]*$"#

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
