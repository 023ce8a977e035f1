import YAML

/// A line of a file as it is shown above an underline; of a long one the part around the mark.
struct LineExcerpt {
    /// The longest part to show, in Unicode scalars, and how much of it may be before the mark.
    private static let longest = 160
    private static let before = 60

    let text: String
    /// Whether something of the line is left out.
    let isCut: Bool
    /// Columns before the underline, and of the underline itself, at least 1.
    let markColumn: Int
    let markWidth: Int

    /// - Parameters:
    ///   - line: The line without its line break.
    ///   - range: What to underline; what is on further lines is left out.
    init(_ line: [Unicode.Scalar], showing range: SourceRange) {
        let start = min(range.start.column - 1, line.count)
        let end = range.end.line == range.start.line ? min(max(range.end.column - 1, start), line.count) : line.count
        isCut = line.count > Self.longest
        let first = isCut ? max(0, start - Self.before) : 0
        let last = isCut ? min(line.count, first + Self.longest) : line.count
        let shownEnd = min(end, last)
        let lead = DisplayText((first > 0 ? ["…"] : []) + line[first..<start])
        let marked = DisplayText(line[start..<shownEnd], startingAt: lead.width)
        let rest = DisplayText(
            line[shownEnd..<last] + (last < line.count ? ["…"] : []),
            startingAt: lead.width + marked.width
        )
        text = lead.text + marked.text + rest.text
        markColumn = lead.width
        markWidth = max(1, marked.width)
    }
}
