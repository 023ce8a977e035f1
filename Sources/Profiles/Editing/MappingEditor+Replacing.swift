import YAML

/// Edits of all entries at once.
extension MappingEditor {
    /// Replaces all entries of the mapping that is an entry's value.
    func replaceAll(inValueOf index: Int, with entries: [(key: String, value: EntryValue)]) -> [Splice] {
        let key = mapping.entries[index].key
        guard case .mapping(let inner) = mapping.entries[index].value,
            let colon = text.offset(behind: ":", in: key.range.end.offset..<text.bytes.count)
        else { return [] }
        if inner.isFlow, mapping.isFlow || !inner.entries.isEmpty {
            let inside = inner.range.start.offset + 1..<inner.range.end.offset - 1
            let isJSON = key.style == .doubleQuoted
            let lines = entries.map {
                (isJSON ? "\"\($0.key)\"" : $0.key) + ": " + write($0.value, style: .plain, key: key)
            }
            return [Splice(inside, with: lines.joined(separator: ", "))]
        }
        if inner.isFlow { return openBlock(key, colon: colon, replacing: inner, with: entries) }
        let removal = MappingEditor(inner, text: text).remove(Array(inner.entries.indices))
        guard !entries.isEmpty else { return removal + [.insertion(of: " {}", at: colon)] }
        let margin = String(repeating: " ", count: inner.range.start.column - 1)
        return removal + [block(entries, margin: margin, key: key, at: text.lineEnd(colon))]
    }

    /// Writes `{}` as indented lines.
    private func openBlock(
        _ key: Node.Scalar,
        colon: Int,
        replacing empty: Node.Mapping,
        with entries: [(key: String, value: EntryValue)]
    ) -> [Splice] {
        let margin = String(repeating: " ", count: key.range.start.column + 1)
        return [
            Splice(colon..<empty.range.end.offset, with: ""),
            block(entries, margin: margin, key: key, at: text.lineEnd(empty.range.end.offset)),
        ]
    }

    private func block(
        _ entries: [(key: String, value: EntryValue)],
        margin: String,
        key: Node.Scalar,
        at offset: Int
    ) -> Splice {
        let lines = entries.map { text.lineBreak + margin + $0.key + ": " + write($0.value, style: .plain, key: key) }
        return .insertion(of: lines.joined(), at: offset)
    }
}
