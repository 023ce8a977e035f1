import YAML

/// What people write where a number should stand alone.
enum NumberSlip {
    case comma, decimalComma, minus, quotes, note

    /// - Parameters:
    ///   - scalar: No number as it is.
    ///   - isWhole: Whether the number must be whole.
    /// - Returns: nil if the text is no number in any way.
    init?(in scalar: Node.Scalar, isWhole: Bool) {
        let text = scalar.text
        guard text.utf8.count < 200 else { return nil }
        func isNumber(_ text: some StringProtocol) -> Bool {
            isWhole ? DecimalNumber.natural(String(text)) != nil : DecimalNumber.double(String(text)) != nil
        }
        if text.hasSuffix(","), isNumber(text.dropLast()) {
            self = .comma
        } else if isNumber(text.replacing(",", with: ".")) {
            self = .decimalComma
        } else if let first = text.unicodeScalars.first, "−–—‐‑".unicodeScalars.contains(first),
            isNumber(String(text.unicodeScalars.dropFirst()))
        {
            self = .minus
        } else if isNumber(String(text.unicodeScalars.filter { !"“”„‘’\"'".unicodeScalars.contains($0) })) {
            self = .quotes
        } else if let end = text.firstIndex(of: " "), isNumber(text[..<end]) {
            self = .note
        } else {
            return nil
        }
    }

    /// What to do about it.
    var help: String {
        switch self {
        case .comma: "remove the ','"
        case .decimalComma: "write the decimal point as '.'"
        case .minus: "write the minus as '-'"
        case .quotes: "remove the quotes"
        case .note: "keep the number alone; a note goes behind '#'"
        }
    }
}
