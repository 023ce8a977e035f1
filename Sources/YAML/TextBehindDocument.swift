/// Looks at what comes behind the document, without libyaml, which would read all directives there.
enum TextBehindDocument {
    /// Refuses everything but comments and one end mark.
    ///
    /// - Parameters:
    ///   - rest: Stands at the document's end.
    ///   - root: What the document is.
    static func check(_ rest: PositionCursor, behind root: NodeTable.Kind) throws(YAMLError) {
        var rest = rest
        var hasEndMark = false
        while !rest.isAtEnd {
            let start = rest.position
            let end = rest.advanceToEndOfLine()
            let line = rest.bytes[start.offset..<end.offset].drop { " \t\r\n".utf8.contains($0) }
            if !rest.isAtEnd { rest.step() }
            if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
            if isEndMark(line), !hasEndMark {
                hasEndMark = true
                continue
            }
            throw hasEndMark || line.starts(with: "---".utf8)
                ? YAMLError(.severalDocuments, "a second document starts here", at: SourceRange(start, end))
                : fault(line, behind: root, at: SourceRange(start, end))
        }
    }

    /// Whether a line is `...`, with no more than a comment behind it.
    private static func isEndMark(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.starts(with: "...".utf8) else { return false }
        let behind = line.dropFirst(3)
        let text = behind.drop { " \t\r\n".utf8.contains($0) }
        return text.isEmpty || text.first == UInt8(ascii: "#") && text.startIndex > behind.startIndex
    }

    /// What libyaml takes for the end of the document, although the text goes on.
    private static func fault(
        _ line: ArraySlice<UInt8>,
        behind root: NodeTable.Kind,
        at range: SourceRange
    ) -> YAMLError {
        switch (root, line.first) {
        case (_, UInt8(ascii: "%")):
            YAMLError(.directive, "a directive cannot stand behind keys", at: range)
        case (.mapping(isFlow: false), _), (.sequence(isFlow: false), _):
            YAMLError(
                .syntax,
                "this line is indented less than the first key",
                at: range,
                help: "give both the same indentation"
            )
        case (_, UInt8(ascii: "}")): SyntaxFault.closesNothing("}", at: range)
        case (_, UInt8(ascii: "]")): SyntaxFault.closesNothing("]", at: range)
        case (.sequence, _):
            YAMLError(
                .syntax,
                "text stands behind the end of the list above it",
                at: range,
                help: "remove the line with '[' and ']', and write 'key: value' lines"
            )
        default:
            YAMLError(
                .syntax,
                "text stands behind the end of the profile",
                at: range,
                help: "remove it, or put it before the closing bracket"
            )
        }
    }
}
