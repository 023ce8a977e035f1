import YAML

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

extension Node.Mapping {
    /// Whether it is written as JSON is: in braces, and without comments.
    func isJSON(in bytes: [UInt8]) -> Bool {
        isFlow
            && EditableText(bytes).commentRanges(in: 0..<bytes.count, outside: Node.mapping(self).scalarRanges).isEmpty
    }
}
