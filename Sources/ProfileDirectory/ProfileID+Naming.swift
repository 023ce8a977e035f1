package import Profiles

extension ProfileID {
    /// Makes an id, and with it a file name, from a display name.
    ///
    /// Lower case, words joined by `-`; letters and digits of all scripts and emoji are kept, apostrophes
    /// dropped, everything else parts words. A number follows if the id is taken.
    ///
    /// - Parameters:
    ///   - displayName: Any text.
    ///   - isTaken: Whether the directory has the id already.
    package init(naming displayName: String, isTaken: (ProfileID) throws -> Bool) rethrows {
        var base = Self.joinedWords(of: displayName)
        if base.isEmpty { base = "profile" }
        if Self.reserved.contains(base) { base += "-profile" }
        var number = 1
        while true {
            let suffix = number == 1 ? "" : "-\(number)"
            // Nothing in it that an id must not have, whatever the display name was.
            if let id = try? ProfileID(base.prefix(bytes: Self.maximumLength - suffix.utf8.count) + suffix),
                try !isTaken(id)
            {
                self = id
                return
            }
            number += 1
        }
    }

    private static func joinedWords(of text: String) -> String {
        var words: [String] = [""]
        for character in text.lowercased() where !["'", "’", "ʼ"].contains(character) {
            if character.isLetter || character.isNumber || character.isEmoji {
                words[words.count - 1].append(character)
            } else if words.last != "" {
                words.append("")
            }
        }
        return words.filter { !$0.isEmpty }.joined(separator: "-")
    }
}

extension Character {
    /// Whether people see a picture.
    fileprivate var isEmoji: Bool {
        guard let first = unicodeScalars.first?.properties else { return false }
        return first.isEmojiPresentation || (first.isEmoji && unicodeScalars.count > 1)
    }
}

extension String {
    /// The longest beginning of whole characters within a number of bytes.
    fileprivate func prefix(bytes limit: Int) -> String {
        var text = self
        while text.utf8.count > limit { text.removeLast() }
        while text.hasSuffix("-") { text.removeLast() }
        return text
    }
}
