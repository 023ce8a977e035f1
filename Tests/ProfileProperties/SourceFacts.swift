import YAML

/// What the checks know of a text by themselves, without the editor's code.
struct SourceFacts {
    let bytes: [UInt8]
    let root: Node.Mapping

    init?(_ bytes: [UInt8]) {
        guard case .mapping(let root)? = ParsedYAML(bytes).root else { return nil }
        self.bytes = bytes
        self.root = root
    }

    /// A comment and where it starts.
    typealias Comment = (offset: Int, text: String)

    /// All comments, in order: a `#` that is in no scalar starts one.
    var comments: [Comment] {
        var isInScalar = [Bool](repeating: false, count: bytes.count)
        var pending = [Node.mapping(root)]
        while let node = pending.popLast() {
            switch node {
            case .scalar(let scalar): for offset in textRange(of: scalar) { isInScalar[offset] = true }
            case .sequence(let sequence): pending += sequence.items
            case .mapping(let mapping):
                for entry in mapping.entries { pending += [.scalar(entry.key), entry.value] }
            }
        }
        var comments: [Comment] = []
        var offset = 0
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "#"), !isInScalar[offset] {
                let end = bytes[offset...].firstIndex { Self.isLineBreak($0) } ?? bytes.count
                let text = bytes[offset..<end].reversed().drop { $0 == 0x20 || $0 == 0x09 }.reversed()
                comments.append((offset, String(decoding: Array(text), as: UTF8.self)))
                offset = end
            } else {
                offset += 1
            }
        }
        return comments
    }

    /// Where a scalar's text stands; a block's header may have a comment.
    private func textRange(of scalar: Node.Scalar) -> Range<Int> {
        let range = scalar.range.bytes
        guard scalar.style == .literal || scalar.style == .folded else { return range }
        return (bytes[range].firstIndex(where: Self.isLineBreak) ?? range.upperBound)..<range.upperBound
    }

    /// Whether a comment follows on something else than white space, which YAML 1.2 takes for no comment.
    var hasCrampedComment: Bool {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        return comments.contains { $0.offset > start && !" \t\r\n".utf8.contains(bytes[$0.offset - 1]) }
    }

    /// The keys that lead to an entry, outer first.
    typealias EntryPath = [String]

    /// The entry that each comment stands behind on its line; nil for a comment with a line to itself. Comments that
    /// occur twice are left out, and those behind the braces of the whole.
    var commentedEntries: [String: EntryPath?] {
        let ends = entryEnds
        var entries: [String: EntryPath?] = [:]
        var repeated: Set<String> = []
        for comment in comments where !(root.isFlow && comment.offset >= root.range.end.offset) {
            let lineStart = bytes[..<comment.offset].lastIndex(where: Self.isLineBreak).map { $0 + 1 } ?? 0
            let last = ends.last { $0.offset <= comment.offset && $0.offset > lineStart }
            if entries.updateValue(last?.path, forKey: comment.text) != nil { repeated.insert(comment.text) }
        }
        return entries.filter { !repeated.contains($0.key) }
    }

    /// The paths of all entries.
    var paths: Set<EntryPath> { Set(entryEnds.map(\.path)) }

    /// Where keys and values end, in order.
    private var entryEnds: [(offset: Int, path: EntryPath)] {
        var ends: [(offset: Int, path: EntryPath)] = []
        var pending: [(mapping: Node.Mapping, path: EntryPath)] = [(root, [])]
        while let (mapping, path) = pending.popLast() {
            for entry in mapping.entries {
                let inner = path + [entry.key.text]
                ends += [(entry.key.range.end.offset, inner), (entry.value.range.end.offset, inner)]
                if case .mapping(let mapping) = entry.value { pending.append((mapping, inner)) }
            }
        }
        // Of two that end together the inner one comes last: a block ends with its last entry, which has the comment.
        return ends.sorted { ($0.offset, $0.path.count) < ($1.offset, $1.path.count) }
    }

    /// The lines that a stretch touches, the last one's line break included.
    func lines(of range: Range<Int>) -> Range<Int> {
        let start = bytes[..<range.lowerBound].lastIndex(where: Self.isLineBreak).map { $0 + 1 } ?? 0
        var end = bytes[range.upperBound...].firstIndex(where: Self.isLineBreak) ?? bytes.count
        while end < bytes.count, Self.isLineBreak(bytes[end]) {
            end += 1
            if bytes[end - 1] == 0x0A { break }
        }
        return start..<end
    }

    /// The blanks before the comments on the lines from an offset on, up to the next entry, and the blank lines.
    func blanks(ofNotesFrom offset: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var line = offset
        while line < bytes.count {
            let ink = bytes[line...].firstIndex { $0 != 0x20 } ?? bytes.count
            let isBlank = ink == bytes.count || Self.isLineBreak(bytes[ink])
            guard isBlank || bytes[ink] == UInt8(ascii: "#") else { break }
            let next = lines(of: ink..<ink).upperBound
            ranges.append(line..<(isBlank ? next : ink))
            line = next
        }
        return ranges
    }

    /// The stretch around an entry in braces, up to its neighbours or the braces.
    func surroundings(of index: Int, in mapping: Node.Mapping) -> Range<Int> {
        let entries = mapping.entries
        let start = index > 0 ? entries[index - 1].value.range.end.offset : mapping.range.start.offset + 1
        let next = index + 1 < entries.count ? entries[index + 1].key.range.start : nil
        return start..<(next?.offset ?? mapping.range.end.offset - 1)
    }

    /// The bytes outside some stretches, in order.
    func bytes(outside ranges: [Range<Int>]) -> [UInt8] {
        var isInside = [Bool](repeating: false, count: bytes.count)
        for range in ranges { for offset in range { isInside[offset] = true } }
        return zip(bytes, isInside).filter { !$0.1 }.map(\.0)
    }

    static func isLineBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}

extension Node {
    /// Whether the value is a block of text, or the last thing in it is.
    var endsWithBlock: Bool {
        switch self {
        case .scalar(let scalar): scalar.style == .literal || scalar.style == .folded
        case .sequence(let sequence): sequence.items.last?.endsWithBlock ?? false
        case .mapping(let mapping): mapping.entries.last?.value.endsWithBlock ?? false
        }
    }
}

extension Collection where Element: Equatable {
    /// Whether the elements come in this order in another collection, with others between them.
    func isSubsequence(of other: some Collection<Element>) -> Bool {
        var rest = other[...]
        for element in self {
            guard let index = rest.firstIndex(of: element) else { return false }
            rest = rest[rest.index(after: index)...]
        }
        return true
    }
}

extension [UInt8] {
    /// The bytes without white space, line breaks included.
    var ink: [UInt8] { filter { !" \t\r\n".utf8.contains($0) } }

    /// The bytes without line breaks at the end.
    var withoutLastBreaks: [UInt8] {
        var bytes = self
        while let last = bytes.last, " \r\n".utf8.contains(last) { bytes.removeLast() }
        return bytes
    }
}
