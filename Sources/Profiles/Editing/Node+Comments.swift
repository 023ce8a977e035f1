import YAML

extension Node {
    /// Where the value's texts stand, keys included, in the order of the file.
    func textRanges(in text: EditableText) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var pending = [self]
        while let node = pending.popLast() {
            switch node {
            case .scalar(let scalar): ranges.append(text.textRange(of: scalar))
            case .sequence(let sequence): pending += sequence.items.reversed()
            case .mapping(let mapping):
                pending += mapping.entries.reversed().flatMap { [$0.value, .scalar($0.key)] }
            }
        }
        return ranges
    }
}

extension Node.Mapping {
    /// Whether it is written as JSON is: in braces, and without comments.
    func isJSON(in bytes: [UInt8]) -> Bool {
        let text = EditableText(bytes)
        let texts = Node.mapping(self).textRanges(in: text)
        return isFlow && text.commentRanges(in: 0..<bytes.count, outside: texts).isEmpty
    }
}

extension EditableText {
    /// Where a scalar's text stands, quotes included; that of a block begins on the line below its header.
    fileprivate func textRange(of scalar: Node.Scalar) -> Range<Int> {
        let range = scalar.range.bytes
        guard scalar.style == .literal || scalar.style == .folded else { return range }
        return min(nextLine(range.lowerBound), range.upperBound)..<range.upperBound
    }

    /// The comment behind a block scalar's header, with the blanks before it; nil if there is none in its range.
    func headerComment(of scalar: Node.Scalar) -> String? {
        guard scalar.style == .literal || scalar.style == .folded else { return nil }
        let start = scalar.range.start.offset
        let header = start..<min(lineEnd(start), scalar.range.end.offset)
        return commentRanges(in: header, outside: []).first.map {
            string(startOfBlanks(before: $0.lowerBound)..<$0.upperBound)
        }
    }
}
