extension NodeTable {
    /// The first node with everything in it. An alias, of which nothing is known, is an empty scalar there.
    var tree: Node? {
        // From the last node to the first, so that what is in a list or mapping is made before it, without recursion.
        var finished: [(place: Int, node: Node)] = []
        for place in rows.indices.reversed() {
            let row = rows[place]
            var inside: [(place: Int, node: Node)] = []
            while let next = finished.last, next.place < self.place(behind: place) {
                inside.append(finished.removeLast())
            }
            switch row.kind {
            case .scalar, .alias:
                let scalar = self.scalar(at: place) ?? Node.Scalar(text: "", style: .plain, range: row.range)
                finished.append((place, .scalar(scalar)))
            case .sequence(let isFlow):
                let sequence = Node.Sequence(items: inside.map(\.node), isFlow: isFlow, range: row.range)
                finished.append((place, .sequence(sequence)))
            case .mapping(let isFlow):
                let entries = stride(from: 0, to: inside.count, by: 2).compactMap { index -> Node.Mapping.Entry? in
                    let key = inside[index]
                    guard case .scalar(let scalar) = key.node, !rows[key.place].isPassedOver else { return nil }
                    return Node.Mapping.Entry(key: scalar, value: inside[index + 1].node)
                }
                finished.append((place, .mapping(Node.Mapping(entries: entries, isFlow: isFlow, range: row.range))))
            }
        }
        return finished.last?.node
    }
}
