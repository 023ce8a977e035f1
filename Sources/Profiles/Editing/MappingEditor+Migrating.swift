import YAML

/// Edits that a change of the format's version needs.
extension MappingEditor {
    /// Removes entries, but not the comments in and behind them.
    ///
    /// - Parameter indices: Ascending.
    func removeKeepingComments(_ indices: [Int]) -> [Splice] {
        guard mapping.isFlow else {
            let removals = indices.map(removalKeepingComments)
            return removals + blockEnds(behind: removals, of: indices)
        }
        var edit = FlowEdit(self, keepingComments: true)
        return edit.splices(removing: indices)
    }

    private func removalKeepingComments(_ index: Int) -> Splice {
        let entry = mapping.entries[index]
        let start = text.previousLineStart(start(of: index))
        let lineEnd = text.lineEnd(end(of: index))
        let end = text.nextLine(end(of: index))
        let scalars = [entry.key.range.bytes] + entry.value.textRanges(in: text)
        let comments = text.comments(in: start..<lineEnd, outside: scalars).map { blockMargin + $0 }
        let lineBreak = comments.isEmpty ? "" : text.string(lineEnd..<end)
        return Splice(start..<end, with: comments.joined(separator: text.lineBreak) + lineBreak)
    }

    /// Turns an entry that has a line to itself into a comment; nil if it has none, or JSON would lose its like.
    func commentOut(_ index: Int) -> Splice? {
        guard context(of: mapping.entries[index].key) != .json else { return nil }
        let (start, end) = (start(of: index), end(of: index))
        let isLast = index + 1 == mapping.entries.count
        let next = isLast ? mapping.isFlow ? mapping.range.end.offset - 1 : text.bytes.count : self.start(of: index + 1)
        guard margin(of: index) != nil, end <= text.lineEnd(start), isLast || next > text.lineEnd(start) else {
            return nil
        }
        return .insertion(of: Self.commentMark, at: start)
    }

    /// Turns the first entry with this key that was made a comment into one again; nil if there is none.
    func uncomment(_ key: String) -> Splice? {
        let comments = text.commentRanges(in: 0..<text.bytes.count, outside: Node.mapping(mapping).textRanges(in: text))
        let keys = [key, "'\(key)'", "\"\(key)\""].map { Self.commentMark + $0 }
        return comments.first { comment in
            guard text.isBlank(text.previousLineStart(comment.lowerBound)..<comment.lowerBound),
                let key = keys.first(where: { text.bytes[comment].starts(with: $0.utf8) })
            else { return false }
            let rest = text.bytes[comment].dropFirst(key.utf8.count)
            return rest.first { !" \t".utf8.contains($0) } == UInt8(ascii: ":")
        }
        .map { Splice($0.lowerBound..<$0.lowerBound + Self.commentMark.utf8.count, with: "") }
    }

    /// What no person writes before an entry that shall rest: their comments stay comments.
    private static let commentMark = "# taken out by millm migrate: "

    /// Adds an entry before all others.
    func prepend(_ key: String, _ value: EntryValue) -> Splice {
        let written = line(key, value, like: mapping.entries[0])
        guard mapping.isFlow else {
            return .insertion(of: blockMargin + written + text.lineBreak, at: startOfFirstParagraph)
        }
        let brace = mapping.range.start.offset + 1
        let first = start(of: 0)
        let lead = text.string(brace..<first)
        if lead.isEmpty, mapping.entries.count > 1 {
            let gap = gap(before: 1)
            return .insertion(of: written + "," + (gap.allSatisfy { $0 == " " } ? gap : " "), at: brace)
        }
        if lead.allSatisfy(\.isWhitespace) { return .insertion(of: lead + written + ",", at: brace) }
        // Behind a comment, on a line of its own.
        guard let margin = margin(of: 0) else { return .insertion(of: " " + written + ",", at: brace) }
        return .insertion(of: margin + written + "," + text.lineBreak, at: text.previousLineStart(first))
    }

    /// Where a new first line belongs: before the first key, but not between it and comments of its own, which an
    /// empty line sets apart from those before.
    private var startOfFirstParagraph: Int {
        let first = text.lineStart(of: mapping.range.start)
        var offset = first
        while let line = line(before: offset), line.kind == .comment { offset = line.start }
        guard offset < first, let above = line(before: offset), above.kind == .blank else { return first }
        while let line = line(before: offset), line.kind == .blank { offset = line.start }
        return offset
    }

    private enum LineKind { case comment, blank, other }

    private func line(before offset: Int) -> (start: Int, kind: LineKind)? {
        guard offset > text.startOfText else { return nil }
        let end = text.previousLineEnd(offset)
        let start = text.previousLineStart(end)
        let first = text.bytes[start..<end].first { !" \t".utf8.contains($0) }
        let kind: LineKind = first == nil ? .blank : first == UInt8(ascii: "#") ? .comment : .other
        return (start, kind)
    }
}
