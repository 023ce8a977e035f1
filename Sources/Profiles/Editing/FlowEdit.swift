import YAML

/// Takes entries out of braces and puts others in, so that every comment stays with the entry that it is about.
///
/// The comment behind an entry, on its line, belongs to the entry and goes with it. What goes leaves no empty line, and
/// what comes behind an entry that has a comment comes on a line of its own.
struct FlowEdit {
    private let editor: MappingEditor
    private let keepsComments: Bool
    private let comments: [Range<Int>]
    /// What goes, for each byte of the mapping.
    private var cuts: [Cut?]
    private var insertions: [Splice] = []

    private enum Cut { case entry, comma, space }

    private var mapping: Node.Mapping { editor.mapping }
    private var text: EditableText { editor.text }

    /// - Parameter keepsComments: Whether the comments of entries that go stay.
    init(_ editor: MappingEditor, keepingComments keepsComments: Bool = false) {
        self.editor = editor
        self.keepsComments = keepsComments
        let range = editor.mapping.range.bytes
        let texts = Node.mapping(editor.mapping).textRanges(in: editor.text)
        comments = editor.text.commentRanges(in: range, outside: texts)
        cuts = Array(repeating: nil, count: range.count)
    }

    /// The edits that take entries out and put others in.
    ///
    /// - Parameters:
    ///   - removed: Which entries go.
    ///   - additions: What comes, behind entries that stay.
    ///   - substitutes: What comes in the place of all entries, if none stays.
    mutating func splices(
        removing removed: [Int],
        adding additions: [MappingEditor.Addition] = [],
        insteadOfAll substitutes: [MappingEditor.NewEntry] = []
    ) -> [Splice] {
        let removed = Set(removed)
        let kept = mapping.entries.indices.filter { !removed.contains($0) }
        for index in removed { cutEntry(index) }
        for index in 0..<(kept.first ?? mapping.entries.count) { cut(comma(behind: index)) }
        for (index, next) in zip(kept, kept.dropFirst().map(Optional.some) + [nil]) {
            join(index, to: next, adding: additions.filter { $0.index == index }.flatMap(\.entries))
        }
        sweep()
        if kept.isEmpty { place(substitutes) }
        return insertions + cutRanges.map { Splice($0, with: "") }
    }

    // MARK: Entries and commas

    private func comma(behind index: Int) -> Int? {
        let next = index + 1 < mapping.entries.count ? editor.start(of: index + 1) : closingBrace
        return text.offset(behind: ",", in: editor.end(of: index)..<next).map { $0 - 1 }
    }

    private var closingBrace: Int { mapping.range.end.offset - 1 }

    private mutating func cutEntry(_ index: Int) {
        let range = editor.start(of: index)..<editor.end(of: index)
        guard keepsComments else { return cut(range, as: .entry) }
        var position = range.lowerBound
        for comment in comments where range.contains(comment.lowerBound) {
            // The blanks stay: without one a '#' starts no comment.
            let end = text.startOfBlanks(before: comment.lowerBound)
            cut(position..<max(position, end), as: .entry)
            position = comment.upperBound
        }
        cut(position..<range.upperBound, as: .entry)
        for offset in range where text.isLineBreak(offset) { cuts[offset - mapping.range.start.offset] = nil }
    }

    /// Leaves one comma between an entry and the next, or behind the last one if there was one, and puts new entries
    /// between the two.
    private mutating func join(_ index: Int, to next: Int?, adding added: [MappingEditor.NewEntry]) {
        let commas = (index..<(next ?? mapping.entries.count)).compactMap(comma)
        let isSeparated = next != nil || comma(behind: mapping.entries.count - 1) != nil
        var kept = isSeparated ? next.map(startsWithComma) == true ? commas.last : commas.first : nil
        let written = added.map { editor.line($0.key, $0.value, like: mapping.entries[index]) }
        if !written.isEmpty, let comment = comment(behind: index) {
            let margin = text.lineBreak + margin(of: index)
            var end = ""
            if let own = comma(behind: index), own < comment.lowerBound {
                (kept, end) = (own, isSeparated ? "," : "")
            } else {
                insertions.append(.insertion(of: newComma(behind: index), at: editor.end(of: index)))
            }
            let lines = written.map { margin + $0 }.joined(separator: ",") + end
            insertions.append(.insertion(of: lines, at: text.lineEnd(comment.lowerBound)))
        } else if !written.isEmpty {
            let gap = editor.gap(before: index)
            let entries = newComma(behind: index) + gap + written.joined(separator: "," + gap)
            insertions.append(.insertion(of: entries, at: editor.end(of: index)))
        }
        for comma in commas where comma != kept { cut(comma) }
    }

    /// A comma to come behind an entry: behind a colon without a value it needs a space.
    private func newComma(behind index: Int) -> String {
        let isEmpty = mapping.entries[index].value.range.bytes.isEmpty
        return isEmpty && text.bytes[editor.end(of: index) - 1] == UInt8(ascii: ":") ? " ," : ","
    }

    /// The comment behind an entry, on the line where it ends.
    private func comment(behind index: Int) -> Range<Int>? {
        let next = index + 1 < mapping.entries.count ? editor.start(of: index + 1) : closingBrace
        let rest = editor.end(of: index)..<min(next, text.lineEnd(editor.end(of: index)))
        return comments.first { rest.contains($0.lowerBound) }
    }

    /// Whether an entry is written behind its comma, both on a new line.
    private func startsWithComma(_ index: Int) -> Bool {
        let start = editor.start(of: index)
        guard let comma = comma(behind: index - 1) else { return false }
        let lineStart = text.previousLineStart(start)
        return lineStart <= comma && text.isBlank(lineStart..<comma)
    }

    /// The white space before an entry on a line of its own.
    private func margin(of index: Int) -> String {
        for candidate in [index] + Array(mapping.entries.indices) {
            if let margin = editor.margin(of: candidate) { return margin }
        }
        return text.indentation(at: mapping.range.start.offset) + "  "
    }

    /// Puts entries where the first of those was that have all gone.
    private mutating func place(_ added: [MappingEditor.NewEntry]) {
        guard !added.isEmpty else { return }
        let written = added.map { editor.line($0.key, $0.value, like: mapping.entries[0]) }
        let end = comma(behind: mapping.entries.count - 1) == nil ? "" : ","
        let start = editor.start(of: 0)
        if let margin = editor.margin(of: 0) {
            let lines = written.map { margin + $0 }.joined(separator: "," + text.lineBreak) + end + text.lineBreak
            insertions.append(.insertion(of: lines, at: text.previousLineStart(start)))
        } else {
            var place = start
            while isCut(place - 1) { place -= 1 }
            insertions.append(.insertion(of: written.joined(separator: ", ") + end, at: place))
        }
    }

    // MARK: What goes

    private func cut(at offset: Int) -> Cut? { cuts[offset - mapping.range.start.offset] }

    private func isCut(_ offset: Int) -> Bool { cut(at: offset) != nil }

    private mutating func cut(_ comma: Int?) {
        if let comma { cut(comma..<comma + 1, as: .comma) }
    }

    private mutating func cut(_ range: Range<Int>, as cut: Cut = .space) {
        for offset in range where !isCut(offset) { cuts[offset - mapping.range.start.offset] = cut }
    }

    private var cutRanges: [Range<Int>] {
        mapping.range.bytes.filter(isCut).reduce(into: []) { ranges, offset in
            if let last = ranges.last, last.upperBound == offset {
                ranges[ranges.count - 1] = last.lowerBound..<offset + 1
            } else {
                ranges.append(offset..<offset + 1)
            }
        }
    }

    // MARK: What is left of lines

    /// Takes away comments of entries that go, white space that separated them, and lines of which nothing is left.
    private mutating func sweep() {
        var start = mapping.range.start.offset
        var comments = comments[...]
        // Whether the line continues one of which something is left: the line break between them goes.
        var isJoined = false
        while start < mapping.range.end.offset {
            let line = start..<min(text.lineEnd(start), mapping.range.end.offset)
            comments = comments.drop { $0.lowerBound < start }
            let comment = comments.first.flatMap { line.contains($0.lowerBound) && !isCut($0.lowerBound) ? $0 : nil }
            if let first = line.first(where: isCut) { sweep(line, comment, from: first, isJoined) }
            let isBreakCut = line.upperBound < mapping.range.end.offset && isCut(line.upperBound)
            isJoined = isBreakCut && (isJoined || line.contains { !isCut($0) })
            start = text.nextLine(start)
        }
    }

    private mutating func sweep(_ line: Range<Int>, _ comment: Range<Int>?, from first: Int, _ isJoined: Bool) {
        var comment = comment
        var inked = line.lowerBound..<(comment?.lowerBound ?? line.upperBound)
        let last = inked.last { !text.isBlank($0) && text.bytes[$0] != UInt8(ascii: ",") }
        if let orphan = comment, !keepsComments, let last, cut(at: last) == .entry {
            cut(orphan)
            (comment, inked) = (nil, line)
        }
        guard inked.contains(where: isKept) else {
            // Braces stay, so it is a whole line of which nothing, or a comment, is left.
            let end = isJoined ? line.upperBound : text.nextLine(line.lowerBound)
            return cut(comment.map { first..<$0.lowerBound } ?? line.lowerBound..<end)
        }
        var position = inked.lowerBound
        while position < inked.upperBound {
            let stretch = position..<(inked[position...].first(where: isKept) ?? inked.upperBound)
            if !stretch.isEmpty { tidy(stretch, before: comment, in: line) }
            position = stretch.upperBound + 1
        }
    }

    private func isKept(_ offset: Int) -> Bool { !isCut(offset) && !text.isBlank(offset) }

    /// Takes away white space so that what is left is spaced as before.
    private mutating func tidy(_ stretch: Range<Int>, before comment: Range<Int>?, in line: Range<Int>) {
        guard let first = stretch.first(where: isCut), let last = stretch.last(where: isCut) else { return }
        var stretch = stretch
        // A colon without a value needs a space before what follows.
        if text.bytes[stretch.lowerBound - 1] == UInt8(ascii: ":"), first > stretch.lowerBound {
            stretch = stretch.lowerBound + 1..<stretch.upperBound
        }
        let isAtStart = stretch.lowerBound == line.lowerBound
        let next = stretch.upperBound
        let isAtEnd = next == line.upperBound || next == comment?.lowerBound
        if !isAtStart, next == closingBrace || isAtEnd && comment != nil {
            cut(stretch.lowerBound..<last + 1)
        } else {
            cut((isAtEnd ? stretch.lowerBound : first)..<stretch.upperBound)
        }
    }
}
