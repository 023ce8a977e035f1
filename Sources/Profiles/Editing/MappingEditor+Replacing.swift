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
            return [MappingEditor(inner, text: text).fill(with: entries, isJSON: key.style == .doubleQuoted)]
        }
        if inner.isFlow { return openBlock(key, colon: colon, replacing: inner, with: entries) }
        let removal = MappingEditor(inner, text: text).remove(Array(inner.entries.indices))
        guard !entries.isEmpty else { return removal + [.insertion(of: " {}", at: colon)] }
        let margin = String(repeating: " ", count: inner.range.start.column - 1)
        return removal + [block(entries, margin: margin, key: key, at: text.lineEnd(colon))]
    }

    /// Puts entries between the braces, spaced like those that go.
    private func fill(with entries: [(key: String, value: EntryValue)], isJSON: Bool) -> Splice {
        guard let first = mapping.entries.first, let last = mapping.entries.last, !entries.isEmpty else {
            let inside = mapping.range.start.offset + 1..<mapping.range.end.offset - 1
            let written = entries.map { entry in
                guard case .number(let digits) = entry.value else { return "" }
                return (isJSON ? "\"\(entry.key)\"" : entry.key) + ": " + digits
            }
            return Splice(inside, with: written.joined(separator: ", "))
        }
        let written = entries.map { line($0.key, $0.value, like: first) }
        let gap = mapping.entries.count > 1 ? gap(before: 1) : gap(before: 0)
        return Splice(
            first.key.range.start.offset..<last.value.range.end.offset,
            with: written.joined(separator: "," + gap)
        )
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
