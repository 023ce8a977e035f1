/// A sequence or mapping whose end has not come yet.
struct OpenCollection {
    /// From so many entries on, looking keys up is cheaper than comparing with each.
    private static let fewEntries = 12

    let isFlow: Bool
    /// The key that waits for its value.
    private(set) var pendingKey: Node.Scalar?

    private let isMapping: Bool
    private let start: SourcePosition
    private var items: [Node] = []
    private var entries: [Node.Mapping.Entry] = []
    /// The entries' places by their keys, once there are more than a few.
    private var places = KeyTable()
    private var pendingIsRepeated = false
    private var pendingHash: UInt32 = 0
    /// Behind the last key or value.
    private(set) var lastEnd: SourcePosition

    init(isMapping: Bool, isFlow: Bool, start: SourcePosition) {
        self.isMapping = isMapping
        self.isFlow = isFlow
        self.start = start
        lastEnd = start
    }

    /// Whether the next node is a key.
    var awaitsKey: Bool { isMapping && pendingKey == nil }

    /// Takes the key of the next value.
    ///
    /// - Returns: The place of the same key, if it has come before; the value will then be left out.
    mutating func setKey(_ key: Node.Scalar) -> SourceRange? {
        pendingKey = key
        lastEnd = key.range.end
        guard let index = index(of: key.text) else { return nil }
        pendingIsRepeated = true
        return entries[index].key.range
    }

    /// Takes an item, or the value of the pending key.
    mutating func append(_ node: Node) {
        lastEnd = max(lastEnd, node.range.end)
        guard let key = pendingKey.take() else {
            items.append(node)
            return
        }
        if !pendingIsRepeated { append(Node.Mapping.Entry(key: key, value: node)) }
        pendingIsRepeated = false
    }

    /// The finished node.
    func node(end: SourcePosition) -> Node {
        let range = SourceRange(start, end)
        return isMapping
            ? .mapping(Node.Mapping(entries: entries, isFlow: isFlow, range: range))
            : .sequence(Node.Sequence(items: items, isFlow: isFlow, range: range))
    }

    private mutating func index(of key: String) -> Int? {
        guard entries.count > Self.fewEntries else { return entries.firstIndex { $0.key.text.isIdentical(to: key) } }
        pendingHash = KeyTable.hash(key)
        return places.place(withHash: pendingHash) { entries[$0].key.text.isIdentical(to: key) }
    }

    private mutating func append(_ entry: Node.Mapping.Entry) {
        entries.append(entry)
        if entries.count == Self.fewEntries + 1 {
            for (index, entry) in entries.enumerated() { places.insert(KeyTable.hash(entry.key.text), at: index) }
        } else if entries.count > Self.fewEntries {
            places.insert(pendingHash, at: entries.count - 1)
        }
    }
}

extension String {
    /// Whether the texts have the same Unicode scalars; `==` takes `\u{E9}` and `e\u{301}` for the same.
    fileprivate func isIdentical(to other: String) -> Bool {
        self == other && utf8.elementsEqual(other.utf8)
    }
}
