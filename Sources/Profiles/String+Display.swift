extension String {
    /// Bytes that should be UTF-8 as text, those that are not as `\xE9`.
    package init(showing bytes: some Collection<UInt8>) {
        self = ""
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            // A character has four bytes at the most.
            let length = (1...4).first { String(validating: rest.prefix($0), as: UTF8.self)?.isEmpty == false }
            if let length {
                self += String(decoding: rest.prefix(length), as: UTF8.self)
            } else {
                let digits = String(rest[rest.startIndex], radix: 16, uppercase: true)
                self += "\\x" + (digits.count < 2 ? "0" : "") + digits
            }
            rest = rest.dropFirst(length ?? 1)
        }
    }

    /// The text with control characters, invisible format characters and no-break spaces written as `\u{…}`, so that a
    /// message that quotes it shows what it is and cannot steer a terminal.
    package var escapedForDisplay: String { displayPieces.joined() }

    /// The text as ``escapedForDisplay`` has it, scalar by scalar.
    private var displayPieces: [String] {
        let scalars = Array(unicodeScalars)
        return scalars.enumerated().map { index, scalar in
            if scalar.isJoiner, index > 0, index < scalars.count - 1, scalars[index - 1].isJoined,
                scalars[index + 1].isJoined
            {
                return String(scalar)
            }
            if scalar.isTag, Self.isOfFlag(index, in: scalars) { return String(scalar) }
            return switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                "\\u{\(String(scalar.value, radix: 16))}"
            // They look like spaces and are none to YAML.
            case .spaceSeparator where "\u{A0}\u{2007}\u{202F}".unicodeScalars.contains(scalar):
                "\\u{\(String(scalar.value, radix: 16))}"
            default: String(scalar)
            }
        }
    }

    /// Whether the tag there belongs to a flag, as to Scotland's: behind a black flag up to six of them and the last.
    private static func isOfFlag(_ index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        let before = Swift.max(0, index - 7)..<index
        guard let flag = before.last(where: { scalars[$0] == "\u{1F3F4}" }) else { return false }
        let tags = scalars[(flag + 1)...].prefix(7)
        guard let end = tags.firstIndex(of: "\u{E007F}"), index <= end else { return false }
        return tags[..<end].count >= 3 && tags[..<end].allSatisfy { $0.isTag }
    }

    /// The text as a message quotes it that may be anything and of any length: escaped, and cut if it is long.
    package var shortened: String { shortened(to: 60) }

    /// The text for a message: escaped, and cut to a number of Unicode scalars, but never within an escape or a
    /// character.
    package func shortened(to length: Int) -> String {
        let start = String(unicodeScalars.prefix(length + 1))
        let pieces = start.displayPieces
        let text = pieces.joined()
        guard text.unicodeScalars.count > length else { return text }
        var kept = ""
        var rest = pieces[...]
        for character in start {
            let piece = rest.prefix(character.unicodeScalars.count).joined()
            guard kept.unicodeScalars.count + piece.unicodeScalars.count <= length - 3 else { break }
            kept += piece
            rest = rest.dropFirst(character.unicodeScalars.count)
        }
        return kept + "…"
    }
}

extension Unicode.Scalar {
    /// Joins or parts the characters beside it, as in 🏴‍☠️ and in Persian.
    fileprivate var isJoiner: Bool { self == "\u{200D}" || self == "\u{200C}" }

    /// A letter or digit that shows nothing, or the end of such: what tells one flag from another.
    fileprivate var isTag: Bool {
        ("\u{E0030}"..."\u{E0039}").contains(self) || ("\u{E0061}"..."\u{E007A}").contains(self) || self == "\u{E007F}"
    }

    /// Whether a joiner beside it has something to join: letters, marks and pictures.
    fileprivate var isJoined: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark:
            true
        default: properties.isEmoji || properties.isEmojiModifier
        }
    }
}
