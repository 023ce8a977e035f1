/// What people write where a number should stand alone.
package enum NumberSlip: Hashable, Sendable {
    case comma, decimalComma, minus, quotes, comment, note
    /// Thousands that are set apart: the number without that, and what it is if the separator is a decimal comma.
    case thousands(String, decimal: String?)

    /// - Parameters:
    ///   - text: No number as it is.
    ///   - isWhole: Whether the number must be whole.
    /// - Returns: nil if the text is no number in any way.
    package init?(in text: String, isWhole: Bool) {
        guard text.utf8.count < 200 else { return nil }
        func isNumber(_ text: some StringProtocol) -> Bool {
            isWhole ? DecimalNumber.natural(String(text)) != nil : DecimalNumber.double(String(text)) != nil
        }
        if text.hasSuffix(","), isNumber(text.dropLast()) {
            self = .comma
        } else if let number = Self.withoutSeparators(text), isNumber(number) {
            let decimal = text.replacing(",", with: ".")
            self = .thousands(number, decimal: decimal != text && isNumber(decimal) ? decimal : nil)
        } else if isNumber(text.replacing(",", with: ".")) {
            self = .decimalComma
        } else if let first = text.unicodeScalars.first, "−–—‐‑".unicodeScalars.contains(first),
            isNumber(String(text.unicodeScalars.dropFirst()))
        {
            self = .minus
        } else if isNumber(String(text.unicodeScalars.filter { !"“”„‘’\"'".unicodeScalars.contains($0) })) {
            self = .quotes
        } else if let sign = text.firstIndex(of: "#"), isNumber(text[..<sign]) {
            self = .comment
        } else if let end = text.firstIndex(of: " "), isNumber(text[..<end]) {
            self = .note
        } else {
            return nil
        }
    }

    /// The number of a text such as `1,000`, whose digits stand in threes; nil for any other text.
    private static func withoutSeparators(_ text: String) -> String? {
        let sign = text.prefix { "+-".contains($0) }
        let number = text.dropFirst(sign.count)
        let point = number.firstIndex(of: ".") ?? number.endIndex
        guard let separator = number.first(where: { !$0.isNumber }), ", _'’\u{A0}\u{2009}\u{202F}".contains(separator)
        else { return nil }
        let groups = number[..<point].split(separator: separator, omittingEmptySubsequences: false)
        guard groups.count > 1, (1...3).contains(groups[0].count), groups[0].first != "0",
            groups.dropFirst().allSatisfy({ $0.count == 3 }),
            groups.allSatisfy({ $0.utf8.allSatisfy { "0123456789".utf8.contains($0) } })
        else { return nil }
        return sign + groups.joined() + number[point...]
    }

    /// What to do about it.
    package var help: String {
        switch self {
        case .comma: "remove the ','"
        case .decimalComma: "write the decimal point as '.'"
        case .minus: "write the minus as '-'"
        case .quotes: "remove the quotes"
        case .comment: "put a space before the '#'"
        case .note: "keep the number alone; a note goes behind '#'"
        case .thousands(let number, let decimal):
            "write \(number)" + (decimal.map { ", or \($0) if the ',' is a decimal point" } ?? "")
        }
    }
}
