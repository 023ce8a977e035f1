/// Text as a terminal shows it.
struct DisplayText {
    /// Escaped, with tabs as spaces.
    private(set) var text = ""
    /// The columns that it takes.
    private(set) var width = 0

    private static let tabWidth = 4

    /// - Parameters:
    ///   - scalars: Some text of one line.
    ///   - column: The column where it starts, from 0, on which tabs depend.
    init(_ scalars: some Sequence<Unicode.Scalar>, startingAt column: Int = 0) {
        for scalar in scalars {
            if scalar == "\t" {
                let spaces = Self.tabWidth - (column + width) % Self.tabWidth
                text += String(repeating: " ", count: spaces)
                width += spaces
            } else if Self.isJoiner(scalar) {
                text.unicodeScalars.append(scalar)
            } else {
                let shown = String(scalar).escapedForDisplay
                text += shown
                width += shown.unicodeScalars.count > 1 ? shown.unicodeScalars.count : Self.width(of: scalar)
            }
        }
    }

    /// Marks that belong to the character before them.
    private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        default: scalar == "\u{200D}"
        }
    }

    /// The columns of a printable character: two for those that East Asian terminals draw wide, and emoji.
    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            2
        default: scalar.properties.isEmojiPresentation ? 2 : 1
        }
    }
}
