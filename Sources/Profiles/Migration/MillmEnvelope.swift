import YAML

/// miLLM's export with the profile inside, to be taken out without writing the profile anew.
struct MillmEnvelope {
    private let root: Node.Mapping
    private let text: EditableText

    init(root: Node.Mapping, bytes: [UInt8]) {
        self.root = root
        text = EditableText(bytes)
    }

    /// The text with the profile's mapping as its root; the comments around the profile stay.
    ///
    /// - Parameter isOutdented: Whether the profile's lines lose the indentation that the envelope gave them.
    /// - Returns: nil if there is no mapping inside.
    func opened(isOutdented: Bool) -> [UInt8]? {
        guard let index = root.entries.firstIndex(where: { $0.key.text == "profile" }),
            case .mapping(let inner) = root.entries[index].value
        else { return nil }
        let splices = root.isFlow ? flowSplices(around: inner) : blockSplices(around: inner, at: index)
        return Splice.apply(
            splices + (isOutdented ? outdent(inner, behind: root.entries[index].key) : []),
            to: text.bytes
        )
    }

    private func flowSplices(around inner: Node.Mapping) -> [Splice] {
        let before = root.range.start.offset..<inner.range.start.offset
        let after = inner.range.end.offset..<root.range.end.offset
        let scalars = Node.mapping(root).textRanges(in: text)
        let leading = text.comments(in: before, outside: scalars).map { $0 + text.lineBreak }
        let trailing = text.comments(in: after, outside: scalars).map { text.lineBreak + $0 }
        return [Splice(before, with: leading.joined()), Splice(after, with: trailing.joined())]
    }

    private func blockSplices(around inner: Node.Mapping, at index: Int) -> [Splice] {
        let others = root.entries.indices.filter { $0 != index }
        let editor = MappingEditor(root, text: text)
        let key = root.entries[index].key.range.end.offset
        let start = text.previousLineStart(editor.start(of: index))
        let innerStart = inner.isFlow ? inner.range.start.offset : text.lineStart(of: inner.range.start)
        guard let colon = text.offset(behind: ":", in: key..<inner.range.start.offset) else { return [] }
        let end = inner.isFlow ? innerStart : text.nextLine(colon)
        guard start < end, end <= innerStart else { return [] }
        let comments = text.comments(in: key..<end, outside: []).map { $0 + text.lineBreak }
        return editor.removeKeepingComments(others) + [Splice(start..<end, with: comments.joined())]
    }

    /// Moves the profile's lines to the left, as far as the envelope had moved them to the right.
    private func outdent(_ inner: Node.Mapping, behind key: Node.Scalar) -> [Splice] {
        let blank = UInt8(ascii: " ")
        var depth = inner.range.start.column - root.range.start.column
        var line = text.nextLine(key.range.end.offset)
        var end = inner.range.end.offset
        if inner.isFlow {
            let lastLine = text.bytes[text.previousLineStart(end)..<end]
            let margin = lastLine.prefix { $0 == blank }.count
            // Only a closing brace on a line of its own tells how far the lines were moved.
            depth = margin + 1 == lastLine.count ? margin : 0
        } else {
            end = endOfComments(behind: end)
        }
        var splices: [Splice] = []
        while line < end {
            let count = text.bytes[line..<end].prefix { $0 == blank }.prefix(depth).count
            if count > 0 { splices.append(Splice(line..<line + count, with: "")) }
            line = text.nextLine(line)
        }
        return splices
    }

    /// The offset behind the lines of nothing but comments and blanks that follow.
    private func endOfComments(behind offset: Int) -> Int {
        var line = text.nextLine(offset)
        while line < text.bytes.count, let ink = text.bytes[line...].first(where: { $0 != UInt8(ascii: " ") }),
            "#\r\n".utf8.contains(ink)
        {
            line = text.nextLine(line)
        }
        return line
    }
}
