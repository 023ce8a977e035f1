import YAML

/// A line of a file as it is shown above an underline; of a long one the part around the mark.
struct LineExcerpt {
    /// The columns to show where no terminal sets them.
    static let standardWidth = 160

    let text: String
    /// Columns before the underline, and of the underline itself, at least 1.
    let markColumn: Int
    let markWidth: Int

    /// - Parameters:
    ///   - line: The line without its line break.
    ///   - range: What to underline; what is on further lines is left out.
    ///   - width: The columns that may be taken, at least 8.
    init(_ line: [Unicode.Scalar], showing range: SourceRange, width: Int = standardWidth) {
        let start = min(range.start.column - 1, line.count)
        let end = range.end.line == range.start.line ? min(max(range.end.column - 1, start), line.count) : line.count
        // More than fits on each side of the mark, unless there are many characters that take no columns.
        let reach = width + 40
        let near = max(0, start - reach)..<min(line.count, start + reach)
        let nearEnd = min(end, near.upperBound)
        var lead = DisplayText(line[near.lowerBound..<start])
        var marked = DisplayText(line[start..<nearEnd], startingAt: lead.width)
        var rest = DisplayText(line[nearEnd..<near.upperBound], startingAt: lead.width + marked.width)

        // Most of the room is for the mark, which has a column at least, and what follows, unless they need less.
        let roomBefore = max(width * 3 / 8, width - max(1, marked.width) - rest.width)
        let isCutBefore = near.lowerBound > 0 || lead.width > roomBefore
        if isCutBefore { lead = lead.suffix(width: roomBefore - 1) }
        let room = width - lead.width - (isCutBefore ? 1 : 0)
        let isCutBehind = near.upperBound < line.count || marked.width + rest.width > room
        if isCutBehind {
            let isWhole = nearEnd == end && marked.width < room
            marked = marked.prefix(width: room - 1)
            rest = isWhole ? rest.prefix(width: room - 1 - marked.width) : DisplayText([])
        }
        text = (isCutBefore ? "…" : "") + lead.text + marked.text + rest.text + (isCutBehind ? "…" : "")
        markColumn = lead.width + (isCutBefore ? 1 : 0)
        markWidth = max(1, marked.width)
    }
}
