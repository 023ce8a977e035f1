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
        for character in String(String.UnicodeScalarView(scalars)) {
            if character == "\t" {
                let spaces = Self.tabWidth - (column + width) % Self.tabWidth
                text += String(repeating: " ", count: spaces)
                width += spaces
            } else {
                let shown = String(character).escapedForDisplay
                text += shown
                width += shown.displayWidth
            }
        }
    }
}
