extension Unicode.Scalar {
    /// Whether it looks like a space, but is text to YAML: the no-break space, say, or the ideographic one.
    /// These are Unicode's space separators outside ASCII; to ask for the category of each character of a megabyte takes
    /// long.
    package var isSpaceInText: Bool {
        switch value {
        case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// Its number as people look it up: `U+3000`.
    package var number: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// Its number with its name: `U+3000 (ideographic space)`.
    package var numberAndName: String { number + (properties.name.map { " (\($0.lowercased()))" } ?? "") }
}
