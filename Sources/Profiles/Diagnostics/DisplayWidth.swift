extension String {
    /// The number of columns that the text takes on a terminal.
    ///
    /// East Asian wide characters and emoji take two, combining marks and format characters none
    /// (Unicode Standard Annex #11, and emoji presentation after UTS #51).
    package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    /// The text cut to at most the given number of columns, with `…` where something is missing.
    package func truncated(toWidth width: Int) -> String {
        guard displayWidth > width else { return self }
        guard width > 0 else { return "" }
        var kept = ""
        var used = 0
        for character in self {
            let next = character.displayWidth
            guard used + next <= width - 1 else { break }
            kept.append(character)
            used += next
        }
        return kept + "…"
    }
}

extension Character {
    fileprivate var displayWidth: Int {
        guard let first = unicodeScalars.first else { return 0 }
        let asksForEmoji = unicodeScalars.contains("\u{FE0F}") && first.properties.isEmoji
        if asksForEmoji || first.properties.isEmojiPresentation { return 2 }
        switch first.properties.generalCategory {
        case .control, .format, .nonspacingMark, .enclosingMark: return 0
        default: return first.isWide ? 2 : 1
        }
    }
}

extension Unicode.Scalar {
    /// Whether the East Asian Width property is W or F; without emoji, which their presentation tells.
    fileprivate var isWide: Bool {
        guard value >= 0x1100 else { return false }
        return Self.wideRanges.contains { $0.contains(value) }
    }

    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x16FE0...0x16FE4, 0x17000...0x18CD5, 0x18D00...0x18D08, 0x1AFF0...0x1B2FB, 0x1F200...0x1F251,
        0x20000...0x2FFFD, 0x30000...0x3FFFD,
    ]
}
