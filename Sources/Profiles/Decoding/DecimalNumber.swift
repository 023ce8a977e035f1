/// The numbers of profiles, read from their source text.
enum DecimalNumber {
    /// The value of a YAML 1.2 core float or decimal integer: `45`, `-12.5`, `.5`, `1e-3`.
    ///
    /// - Returns: nil for everything else: hexadecimal, `.inf`, `1_000`, white space, a thousand digits. May be
    ///   infinite for exponents beyond the type.
    static func double(_ text: String) -> Double? {
        guard text.utf8.count <= 1_000 else { return nil }
        var text = text
        return text.withUTF8 { unsafe read($0) }
    }

    /// The value of a decimal integer from 0 without sign and leading zeros, at most nine digits long.
    static func natural(_ text: String) -> Int? {
        guard (1...9).contains(text.utf8.count) else { return nil }
        var text = text
        return text.withUTF8 { digits in
            guard unsafe digits.count == 1 || digits[0] != UInt8(ascii: "0") else { return nil }
            var value = 0
            for index in 0..<digits.count {
                let digit = unsafe digits[index]
                guard isDigit(digit) else { return nil }
                value = value * 10 + Int(digit - UInt8(ascii: "0"))
            }
            return value
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        var index = 0
        let isNegative = unsafe bytes.first == UInt8(ascii: "-")
        if unsafe isNegative || bytes.first == UInt8(ascii: "+") { index += 1 }
        var mantissa: UInt64 = 0
        var digits = 0
        var fraction = 0
        var sawPoint = false
        while index < bytes.count {
            let byte = unsafe bytes[index]
            if isDigit(byte) {
                digits += 1
                mantissa = mantissa &* 10 &+ UInt64(byte - UInt8(ascii: "0"))
                if sawPoint { fraction += 1 }
            } else if byte == UInt8(ascii: "."), !sawPoint {
                sawPoint = true
            } else {
                break
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        guard index == bytes.count else { return unsafe readWithExponent(bytes, exponent: index) }
        // Both numbers are exact, so the quotient is the nearest number, as the general way would give it.
        guard digits <= 15, fraction < powersOfTen.count else { return unsafe general(bytes) }
        let value = Double(mantissa) / powersOfTen[fraction]
        return isNegative ? -value : value
    }

    private static func readWithExponent(_ bytes: UnsafeBufferPointer<UInt8>, exponent start: Int) -> Double? {
        guard unsafe bytes[start] == UInt8(ascii: "e") || bytes[start] == UInt8(ascii: "E") else { return nil }
        var digits = unsafe bytes[(start + 1)...]
        if unsafe digits.first == UInt8(ascii: "+") || digits.first == UInt8(ascii: "-") {
            unsafe digits = digits.dropFirst()
        }
        guard unsafe !digits.isEmpty, unsafe digits.allSatisfy(isDigit) else { return nil }
        return unsafe general(bytes)
    }

    private static func general(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        unsafe Double(String(decoding: bytes, as: UTF8.self))
    }

    /// All powers of ten that a `Double` holds exactly and that 15 digits can need.
    private static let powersOfTen: [Double] = (0...15).map { exponent in
        (0..<exponent).reduce(1.0) { power, _ in power * 10 }
    }
}
