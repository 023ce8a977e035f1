import YAML

/// What people write where the index of a feature should stand.
struct IndexSlip {
    /// What to do, if more can be said than of every bad index.
    let help: String?
    /// Whether it is a key of a profile, which stands too far to the right.
    let isKnownKey: Bool
    /// Whether the value behind it needs no finding of its own.
    let explainsValue: Bool

    /// - Parameters:
    ///   - key: No index as it is.
    ///   - isAlone: Whether nothing stands behind it.
    init(in key: Node.Scalar, isAlone: Bool) {
        isKnownKey = ProfileSchema.version1.field(key.text) != nil
        let digits = key.text.unicodeScalars.prefix { ("0"..."9").contains($0) }
        let separator = digits.isEmpty ? nil : key.text.unicodeScalars.dropFirst(digits.count).first
        explainsValue = isKnownKey || isAlone && separator.map { ":= ".unicodeScalars.contains($0) } ?? false
        help =
            switch separator {
            case _ where isKnownKey: "indent it as far as 'steering:'"
            case ":" where isAlone: "put a space behind the colon: '316: 45.0'"
            case ":" where key.text.utf8.count == digits.count + 1: "remove the second ':'"
            case "=" where isAlone: "write ':' in place of '=': '316: 45.0'"
            case " " where isAlone: "write ':' behind the feature: '316: 45.0'"
            default: Self.help(about: key.text)
            }
    }

    private static func help(about text: String) -> String? {
        guard text.utf8.count < 200 else { return nil }
        let bare = String(text.unicodeScalars.filter { !"“”„‘’\"'".unicodeScalars.contains($0) })
        if bare.unicodeScalars.count != text.unicodeScalars.count, DecimalNumber.natural(bare) != nil {
            return "remove the quotes"
        }
        if let end = text.firstIndex(of: " "), DecimalNumber.natural(String(text[..<end])) != nil {
            return "keep the number alone; a label goes behind '#', at the line's end"
        }
        guard DecimalNumber.double(text) != nil else { return nil }
        return text.hasPrefix("-")
            ? nil : "write a whole number up to \(ProfileRules.greatestIndex), without signs and leading zeros"
    }
}
