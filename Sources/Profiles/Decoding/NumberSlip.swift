/// What people write where a number should stand alone.
package enum NumberSlip: Hashable, Sendable {
    case comma, decimalComma, minus, quotes, comment, note, infinity, invisible, placeholder
    /// Thousands that are set apart: the number without that, and what it is if a decimal point sets them apart.
    case thousands(String, decimal: String?, separator: Character)
    /// Digits of other scripts, or of full width: the number in those of ASCII.
    case digits(String)
    /// The number without its `%`.
    case percent(String)
    /// Another way to write a number: the number as a profile has it.
    case notation(String)

    /// - Parameters:
    ///   - text: No number as it is.
    ///   - isWhole: Whether the number must be whole.
    /// - Returns: nil if the text is no number in any way.
    package init?(in text: String, isWhole: Bool) {
        guard text.utf8.count < 200 else { return nil }
        let notation = NumberNotation(isWhole: isWhole)
        func isNumber(_ text: some StringProtocol) -> Bool { notation.isNumber(String(text)) }
        if text.hasSuffix(","), isNumber(text.dropLast()) {
            self = .comma
        } else if let (number, separator) = NumberNotation.withoutSeparators(text), isNumber(number) {
            self = .thousands(number, decimal: notation.decimal(text), separator: separator)
        } else if isNumber(text.replacing(",", with: ".")) {
            self = .decimalComma
        } else if !isWhole, let first = text.unicodeScalars.first, NumberNotation.dashes.contains(first),
            isNumber(String(text.unicodeScalars.dropFirst()))
        {
            self = .minus
        } else if isNumber(String(text.unicodeScalars.filter { !NumberNotation.quotes.contains($0) })) {
            self = .quotes
        } else if let sign = text.firstIndex(of: "#"), isNumber(text[..<sign]) {
            self = .comment
        } else if !isWhole, text.hasSuffix("%"), let number = notation.number(in: text) {
            self = .percent(number)
        } else if !isWhole, NumberNotation.isInfinite(text) {
            self = .infinity
        } else if isNumber(NumberNotation.withPlainDigits(text)) {
            self = .digits(NumberNotation.withPlainDigits(text))
        } else if isNumber(NumberNotation.withoutInvisible(text)) {
            self = .invisible
        } else if NumberNotation.isPlaceholder(text) {
            self = .placeholder
        } else if let number = notation.number(in: text) {
            self = .notation(number)
        } else if notation.beginsNote(text) {
            self = .note
        } else if let number = notation.labelledNumber(in: text) {
            self = .notation(number)
        } else {
            return nil
        }
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
        case .invisible: "remove the invisible characters"
        case .placeholder: "put the number in its place; a profile has no placeholders"
        case .infinity: "a strength is finite: give a number from -10000 to 10000"
        case .thousands(let number, let decimal, let separator):
            "write \(number)" + (decimal.map { ", or \($0) if the '\(separator)' is a decimal point" } ?? "")
        case .digits(let number): "write \(number), with the digits 0 to 9"
        case .percent(let number): "write \(number); a strength is no percentage"
        case .notation(let number): "write \(number)"
        }
    }
}
