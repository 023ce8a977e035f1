/// The numbers of profiles, read from their source text.
package enum DecimalNumber {
    /// The value of a YAML 1.2 core float or decimal integer: `45`, `-12.5`, `.5`, `1e-3`.
    ///
    /// - Returns: nil for everything else: hexadecimal, `.inf`, `1_000`, white space, a thousand digits. May be
    ///   infinite for exponents beyond the type.
    static func double(_ text: Span<UInt8>) -> Double? {
        guard text.count <= 1_000 else { return nil }
        let first = text.isEmpty ? 0 : text[0]
        var index = first == UInt8(ascii: "-") || first == UInt8(ascii: "+") ? 1 : 0
        // Means nothing once there are more than 18 digits.
        var mantissa = 0
        var digits = 0
        var decimals = 0
        while index < text.count, isDigit(text[index]) {
            mantissa = mantissa &* 10 &+ Int(text[index] &- UInt8(ascii: "0"))
            digits &+= 1
            index &+= 1
        }
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index &+= 1
            while index < text.count, isDigit(text[index]) {
                mantissa = mantissa &* 10 &+ Int(text[index] &- UInt8(ascii: "0"))
                decimals &+= 1
                index &+= 1
            }
            digits &+= decimals
        }
        guard digits > 0, index == text.count || isExponent(text.extracting(index...)) else { return nil }
        // Both numbers are exact, so the quotient is the nearest number, as the general way would give it.
        guard index == text.count, digits <= 15 else { return general(text) }
        let value = Double(mantissa) / powersOfTen[decimals]
        return first == UInt8(ascii: "-") ? -value : value
    }

    /// The value of a decimal integer from 0 without sign and leading zeros, at most nine digits long.
    static func natural(_ text: Span<UInt8>) -> Int? {
        guard (1...9).contains(text.count), text.count == 1 || text[0] != UInt8(ascii: "0") else { return nil }
        var value = 0
        for index in text.indices {
            guard isDigit(text[index]) else { return nil }
            value = value * 10 + Int(text[index] - UInt8(ascii: "0"))
        }
        return value
    }

    /// The value of a text of its own.
    package static func double(_ text: String) -> Double? { double(text.utf8.span) }

    /// The value of a text of its own.
    static func natural(_ text: String) -> Int? { natural(text.utf8.span) }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }

    private static func isExponent(_ text: Span<UInt8>) -> Bool {
        guard text[0] == UInt8(ascii: "e") || text[0] == UInt8(ascii: "E") else { return false }
        let hasSign = text.count > 1 && (text[1] == UInt8(ascii: "+") || text[1] == UInt8(ascii: "-"))
        let digits = text.extracting((hasSign ? 2 : 1)...)
        return !digits.isEmpty && digits.indices.allSatisfy { isDigit(digits[$0]) }
    }

    private static func general(_ text: Span<UInt8>) -> Double? {
        unsafe text.withUnsafeBufferPointer { unsafe Double(String(decoding: $0, as: UTF8.self)) }
    }

    /// The powers of ten that 15 digits can need; a `Double` holds each exactly.
    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
}
