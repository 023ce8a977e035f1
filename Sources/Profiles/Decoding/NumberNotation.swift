import YAML

/// Reads numbers as people write them, to tell how a profile has them.
struct NumberNotation {
    /// Whether numbers must be whole, and not below zero.
    let isWhole: Bool

    static let dashes = "−–—‐‑－".unicodeScalars
    static let quotes = "“”„‘’\"'".unicodeScalars

    /// Whether a profile takes the text as it is.
    func isNumber(_ text: String) -> Bool {
        isWhole ? DecimalNumber.natural(text) != nil : DecimalNumber.double(text)?.isFinite ?? false
    }

    /// The number that the text probably means, as a profile has it; nil if that would be a guess.
    func number(in text: String) -> String? {
        let plain = Self.trimmed(Self.withPlainDigits(text))
        if let (number, _) = Self.withoutSeparators(plain), isNumber(number) { return number }
        let pointed = isWhole ? plain : plain.replacing(",", with: ".")
        if isNumber(pointed) { return pointed }
        guard let value = DecimalNumber.double(pointed) ?? Self.integer(plain) ?? Self.quotient(plain) else {
            return nil
        }
        guard isWhole else { return abs(value) <= ProfileRules.greatestStrength ? Self.written(value) : nil }
        return Int(exactly: value).map(String.init).flatMap { isNumber($0) ? $0 : nil }
    }

    /// The number if its separator is a decimal point, not one of thousands; nil if it cannot be.
    func decimal(_ text: String) -> String? {
        let pointed = isWhole ? text : text.replacing(",", with: ".")
        guard let value = DecimalNumber.double(pointed) else { return nil }
        return isWhole ? Int(exactly: value).map(String.init) : pointed
    }

    /// The value with four decimal places at the most.
    private static func written(_ value: Double) -> String {
        ((value * 10_000).rounded() / 10_000).description
    }

    /// The text with its digits, signs and points in ASCII.
    static func withPlainDigits(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            if scalar.properties.numericType == .decimal, let digit = scalar.properties.numericValue {
                return Unicode.Scalar(UInt8(ascii: "0") + UInt8(digit))
            }
            return switch scalar {
            case _ where dashes.contains(scalar): "-"
            case "＋": "+"
            case "．", "\u{66B}": "."
            case "，", "\u{66C}": ","
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// The text without what people put around numbers: quotes, `×`, `%`, a comma.
    private static func trimmed(_ text: String) -> String {
        func isAround(_ scalar: Unicode.Scalar) -> Bool {
            quotes.contains(scalar) || scalar.isSpaceInText || " %×*~≈=;,()".unicodeScalars.contains(scalar)
        }
        let start = text.unicodeScalars.drop(while: isAround)
        return String(String.UnicodeScalarView(start.reversed().drop(while: isAround).reversed()))
    }

    /// The number of a text such as `1,000`, whose digits stand in threes, and what sets them apart; nil for any other
    /// text.
    static func withoutSeparators(_ text: String) -> (number: String, separator: Character)? {
        let sign = text.prefix { "+-".contains($0) }
        let number = text.dropFirst(sign.count)
        guard let separator = number.first(where: { !$0.isNumber }),
            ",. _'’\u{A0}\u{2009}\u{202F}".contains(separator)
        else { return nil }
        let point = number.lastIndex { $0 != separator && ".,".contains($0) } ?? number.endIndex
        let groups = number[..<point].split(separator: separator, omittingEmptySubsequences: false)
        guard groups.count > 1, (1...3).contains(groups[0].count), groups[0].first != "0",
            groups.dropFirst().allSatisfy({ $0.count == 3 }),
            groups.allSatisfy({ $0.utf8.allSatisfy { "0123456789".utf8.contains($0) } })
        else { return nil }
        let fraction = number[point...].dropFirst()
        return (sign + groups.joined() + (fraction.isEmpty ? "" : "." + fraction), separator)
    }

    /// Whether the text is a number and words behind it: `45 pirate`, `45dB`.
    func beginsNote(_ text: String) -> Bool {
        let number = text.prefix { "+-.".contains($0) || $0.isNumber }
        guard isNumber(String(number)), let next = text[number.endIndex...].first else { return false }
        return next.isLetter && !isNumber(text + "0")
            || next == " " && text[number.endIndex...].contains { $0 != " " }
    }

    /// The one number in a text with a name for it, `pirate/316`, `blocks.15.hook`; nil where a guess could be wrong.
    func labelledNumber(in text: String) -> String? {
        guard isWhole, text.contains(where: { $0.isLetter || $0 == "#" }) else { return nil }
        let numbers = text.split { !("0"..."9").contains($0) }
        let number = numbers.count == 1 ? numbers[0] : text.split(separator: "/").last ?? ""
        return isNumber(String(number)) ? String(number) : nil
    }

    /// Whether the text is to be replaced by a program: `${STRENGTH}`, `<%= 45 %>`.
    static func isPlaceholder(_ text: String) -> Bool {
        text.hasPrefix("<%") || text.hasPrefix("${") || text.hasPrefix("{{")
            || text.hasPrefix("$") && text.dropFirst().first?.isLetter == true
    }

    /// The text without characters that show nothing.
    static func withoutInvisible(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0.properties.generalCategory != .format })
    }

    static func isInfinite(_ text: String) -> Bool {
        let word = text.drop { "+-−.".contains($0) }.lowercased()
        return ["inf", "infinity", "infinite", "∞", "nan"].contains(word)
    }

    /// The value of `0x1F`, `0o17`, `0b11`.
    private static func integer(_ text: String) -> Double? {
        let isNegative = text.hasPrefix("-")
        let number = text.drop { "+-".contains($0) }.lowercased()
        let radices = ["0x": 16, "0o": 8, "0b": 2]
        // A second sign would be read, too.
        guard let radix = radices[String(number.prefix(2))], number.dropFirst(2).allSatisfy(\.isHexDigit),
            let value = UInt(number.dropFirst(2), radix: radix)
        else { return nil }
        return isNegative ? -Double(value) : Double(value)
    }

    /// The value of `1/2`.
    private static func quotient(_ text: String) -> Double? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let upper = DecimalNumber.double(parts[0]), let lower = DecimalNumber.double(parts[1]),
            lower != 0
        else { return nil }
        return upper / lower
    }
}
