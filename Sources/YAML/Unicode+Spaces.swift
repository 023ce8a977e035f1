extension Unicode.Scalar {
    /// Whether it looks like a space, but is text to YAML: the no-break space, say, or the ideographic one.
    package var isSpaceInText: Bool { value > 0x7F && properties.generalCategory == .spaceSeparator }

    /// Its number as people look it up: `U+3000`.
    package var number: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// Its number with its name: `U+3000 (ideographic space)`.
    package var numberAndName: String { number + (properties.name.map { " (\($0.lowercased()))" } ?? "") }
}
