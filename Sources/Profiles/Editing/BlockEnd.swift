import YAML

/// Where a block of text ends that is followed by entries, when some of these go.
///
/// A block goes on over every line that is indented as far as its text. What stands behind an entry and so far to the
/// right, a comment or blanks, would become text once nothing is left between the two.
struct BlockEnd {
    private let editor: MappingEditor
    /// The entry whose value the block is, or ends with.
    private let index: Int
    private let block: Node.Scalar

    private var text: EditableText { editor.text }

    /// - Returns: nil if the entry does not end with a block.
    init?(of index: Int, in editor: MappingEditor) {
        guard let scalar = editor.mapping.entries[index].value.lastScalar,
            scalar.style == .literal || scalar.style == .folded
        else { return nil }
        self.editor = editor
        self.index = index
        block = scalar
    }

    /// The edits that keep the text as it is.
    ///
    /// - Parameter removals: What goes, in whole lines, and what comes in its place.
    func splices(behind removals: [Splice]) -> [Splice] {
        var splices: [Splice] = []
        var line = text.nextLine(block.range.end.offset)
        var isExposed = false
        while line < text.bytes.count {
            if let removal = removals.first(where: { $0.range.lowerBound == line }) {
                guard removal.replacement.isEmpty else { return splices }
                isExposed = true
                line = removal.range.upperBound
                continue
            }
            let ink = endOfBlanks(at: line)
            if ink < text.lineEnd(line) {
                return splices + (isExposed && isComment(at: ink) ? outdentation(from: line, by: ink - line) : [])
            }
            if isExposed, let range = textOfBlankLine(line..<ink) { splices.append(Splice(range, with: "")) }
            line = text.nextLine(line)
        }
        return splices
    }

    /// What must go of a line of nothing but blanks; nil if it may stay.
    private func textOfBlankLine(_ blanks: Range<Int>) -> Range<Int>? {
        if header.contains("+") { return blanks.lowerBound..<text.nextLine(blanks.lowerBound) }
        return blanks.count > indentation ? blanks : nil
    }

    /// Moves a comment, with those below it, to where the mapping's keys stand.
    private func outdentation(from line: Int, by blanks: Int) -> [Splice] {
        guard blanks >= indentation else { return [] }
        let surplus = blanks - editor.blockMargin.utf8.count
        var splices: [Splice] = []
        var line = line
        while line < text.bytes.count {
            let ink = endOfBlanks(at: line)
            guard ink - line >= blanks, isComment(at: ink) else { break }
            splices.append(Splice(line..<line + surplus, with: ""))
            line = text.nextLine(line)
        }
        return splices
    }

    /// How far a line must be indented at least to be text.
    private var indentation: Int {
        let least = editor.blockMargin.utf8.count + 1
        // A number in the header tells less than the text's lines do, and those of a text further inside may move.
        guard case .scalar = editor.mapping.entries[index].value, !header.contains(where: \.isNumber) else {
            return least
        }
        return editor.blockIndentation(of: block) ?? least
    }

    /// The block's `|` or `>` with what belongs to it.
    private var header: Substring { text.string(block.range.bytes).prefix(3).prefix { !$0.isWhitespace } }

    private func endOfBlanks(at line: Int) -> Int {
        text.bytes[line...].firstIndex { $0 != UInt8(ascii: " ") } ?? text.bytes.count
    }

    private func isComment(at offset: Int) -> Bool {
        offset < text.bytes.count && text.bytes[offset] == UInt8(ascii: "#")
    }
}

extension Node {
    /// The last scalar in it; nil in an empty list or mapping.
    fileprivate var lastScalar: Scalar? {
        var node = self
        while true {
            switch node {
            case .scalar(let scalar): return scalar
            case .sequence(let sequence):
                guard let last = sequence.items.last else { return nil }
                node = last
            case .mapping(let mapping):
                guard let last = mapping.entries.last else { return nil }
                node = last.value
            }
        }
    }
}
