/// Text as a terminal shows it.
struct DisplayText {
    /// The characters, escaped, with tabs as spaces, and the columns that each takes.
    private var pieces: [(text: String, width: Int)] = []
    /// The columns that the text takes.
    private(set) var width = 0

    private static let tabWidth = 4

    /// - Parameters:
    ///   - scalars: Some text of one line.
    ///   - column: The column where it starts, from 0, on which tabs depend.
    init(_ scalars: some Sequence<Unicode.Scalar>, startingAt column: Int = 0) {
        for character in String(String.UnicodeScalarView(scalars)) {
            if character == "\t" {
                let spaces = Self.tabWidth - (column + width) % Self.tabWidth
                append(String(repeating: " ", count: spaces), spaces)
            } else {
                let shown = String(character).escapedForDisplay
                append(shown, shown.displayWidth)
            }
        }
    }

    private mutating func append(_ text: String, _ width: Int) {
        pieces.append((text, width))
        self.width += width
    }

    var text: String { pieces.map(\.text).joined() }

    /// The text without characters at its beginning, so that it takes at most the given number of columns.
    func suffix(width limit: Int) -> DisplayText {
        var text = self
        let dropped = text.pieces.prefix { piece in
            guard text.width > limit else { return false }
            text.width -= piece.width
            return true
        }
        text.pieces.removeFirst(dropped.count)
        return text
    }

    /// The text without characters at its end, so that it takes at most the given number of columns.
    func prefix(width limit: Int) -> DisplayText {
        var text = self
        while text.width > limit, let last = text.pieces.popLast() { text.width -= last.width }
        return text
    }
}
