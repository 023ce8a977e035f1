/// Text in lines that fit a terminal, broken between words.
///
/// What stands in quotes, a value or a key, is one word, however many spaces it has; so is a place such as
/// `profiles/night.yaml:9:1`. A word that is longer than a line has one to itself.
package enum FoldedText {
    /// The lines, without white space at their ends.
    ///
    /// - Parameters:
    ///   - text: May begin with spaces; its own line breaks are kept.
    ///   - width: The columns that a line may take; nil does not break.
    ///   - indentation: The spaces before each further line, fewer on a terminal that has no room for them.
    package static func lines(of text: String, width: Int?, indentedBy indentation: Int = 2) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let width else { return lines }
        return lines.flatMap { fold($0, width: width, indentedBy: min(indentation, width / 3)) }
    }

    private static func fold(_ text: String, width: Int, indentedBy indentation: Int) -> [String] {
        guard columns(of: text) > width else { return [text] }
        let margin = String(repeating: " ", count: indentation)
        var lines = [""]
        var used = 0
        for word in words(of: text) {
            let length = columns(of: word)
            if used + length > width, used > indentation {
                lines[lines.count - 1].removeTrailingSpaces()
                lines.append(margin)
                used = indentation
            }
            lines[lines.count - 1] += word + " "
            used += length + 1
        }
        lines[lines.count - 1].removeTrailingSpaces()
        return lines
    }

    /// The columns that a text takes; its colours take none.
    private static func columns(of text: String) -> Int {
        guard text.utf8.contains(0x1B) else { return text.displayWidth }
        return text.replacing(/\u{1B}\[[0-9;]*m/, with: "").displayWidth
    }

    /// The words between spaces; what is quoted is not taken apart.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var quoted: [Substring] = []
        for piece in text.split(separator: " ", omittingEmptySubsequences: false) {
            let begins = quoted.isEmpty && opensQuotes(piece)
            guard begins || !quoted.isEmpty else {
                words.append(String(piece))
                continue
            }
            quoted.append(piece)
            guard closesQuotes(begins ? piece.drop { "([".contains($0) }.dropFirst() : piece) else { continue }
            words.append(quoted.joined(separator: " "))
            quoted = []
        }
        // These were no quotes.
        return words + quoted.map(String.init)
    }

    private static func opensQuotes(_ piece: Substring) -> Bool {
        piece.drop { "([".contains($0) }.first == "'"
    }

    /// Whether a quotation ends with the piece, or with punctuation behind it.
    private static func closesQuotes(_ piece: Substring) -> Bool {
        var end = piece
        while let last = end.last, ".,;:?!)]".contains(last) { end.removeLast() }
        return end.last == "'"
    }
}

extension String {
    fileprivate mutating func removeTrailingSpaces() {
        while last == " " { removeLast() }
    }
}
