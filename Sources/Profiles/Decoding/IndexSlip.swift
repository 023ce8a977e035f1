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
    ///   - isAboveFeatures: Whether features stand below it.
    init(in key: Node.Scalar, isAlone: Bool, isAboveFeatures: Bool) {
        isKnownKey = ProfileSchema.version1.field(key.text) != nil
        let digits = key.text.unicodeScalars.prefix { ("0"..."9").contains($0) }
        let separator = digits.isEmpty ? nil : key.text.unicodeScalars.dropFirst(digits.count).first
        explainsValue =
            isKnownKey || isAboveFeatures || isAlone && separator.map { ":= ".unicodeScalars.contains($0) } ?? false
        help =
            switch separator {
            case _ where isAboveFeatures: "remove this line; features stand right below 'steering:'"
            case _ where isKnownKey: "indent it as far as 'steering:'"
            case ":" where isAlone: "put a space behind the colon: '316: 45.0'"
            case ":" where key.text.utf8.count == digits.count + 1: "remove the second ':'"
            case "=" where isAlone: "write ':' in place of '=': '316: 45.0'"
            case " " where isAlone: "write ':' behind the feature: '316: 45.0'"
            default: Self.help(about: key.text)
            }
    }

    private static func help(about text: String) -> String? {
        switch NumberSlip(in: text, isWhole: true) {
        case .note, .comment: return "keep the number alone; a label goes behind '#', at the line's end"
        case let slip?: return slip.help
        case nil:
            guard text.utf8.count < 200 else { return nil }
            if text.split(whereSeparator: { ",;-– ".contains($0) }).count > 1,
                text.allSatisfy({ ",;-– 0123456789".contains($0) })
            {
                return "write one feature a line: '316: 45.0'"
            }
            guard DecimalNumber.double(text) != nil, !text.hasPrefix("-") else { return nil }
            return "write a whole number up to \(ProfileRules.greatestIndex)"
        }
    }
}
