import YAML

/// Edits that a change of the format's version needs.
extension MappingEditor {
    /// Removes entries, but not the comments in and behind them.
    ///
    /// - Parameter indices: Ascending.
    func removeKeepingComments(_ indices: [Int]) -> [Splice] {
        mapping.isFlow ? remove(indices) : indices.map(removalKeepingComments)
    }

    private func removalKeepingComments(_ index: Int) -> Splice {
        let entry = mapping.entries[index]
        let start = text.lineStart(of: entry.key.range.start)
        let lineEnd = text.lineEnd(entry.value.range.end.offset)
        let end = text.nextLine(entry.value.range.end.offset)
        let scalars = [entry.key.range.bytes] + entry.value.scalarRanges
        let margin = String(repeating: " ", count: mapping.range.start.column - 1)
        let comments = text.comments(in: start..<lineEnd, outside: scalars).map { margin + $0 }
        let lineBreak = comments.isEmpty ? "" : text.string(lineEnd..<end)
        return Splice(start..<end, with: comments.joined(separator: text.lineBreak) + lineBreak)
    }

    /// Adds an entry before all others.
    func prepend(_ key: String, _ value: EntryValue) -> Splice {
        let written = line(key, value, like: mapping.entries[0])
        guard mapping.isFlow else {
            let margin = String(repeating: " ", count: mapping.range.start.column - 1)
            return .insertion(of: margin + written + text.lineBreak, at: startOfFirstParagraph)
        }
        let start = mapping.range.start.offset + 1
        let lead = text.string(start..<mapping.entries[0].key.range.start.offset)
        if lead.isEmpty, mapping.entries.count > 1 {
            return .insertion(of: written + "," + gap(before: 1), at: start)
        }
        if lead.allSatisfy(\.isWhitespace) { return .insertion(of: lead + written + ",", at: start) }
        // Behind a comment, on a line of its own.
        let key = mapping.entries[0].key.range.start
        let margin = text.string(text.lineStart(of: key)..<key.offset)
        guard margin.allSatisfy(\.isWhitespace) else { return .insertion(of: " " + written + ",", at: start) }
        return .insertion(of: written + "," + text.lineBreak + margin, at: key.offset)
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

extension Node {
    /// Where the value's texts stand, keys included, in the order of the file.
    var scalarRanges: [Range<Int>] {
        var ranges: [Range<Int>] = []
        var pending = [self]
        while let node = pending.popLast() {
            switch node {
            case .scalar(let scalar): ranges.append(scalar.range.bytes)
            case .sequence(let sequence): pending += sequence.items.reversed()
            case .mapping(let mapping):
                pending += mapping.entries.reversed().flatMap { [$0.value, .scalar($0.key)] }
            }
        }
        return ranges
    }
}
