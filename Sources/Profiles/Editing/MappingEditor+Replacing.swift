import YAML

/// Edits of all entries at once.
extension MappingEditor {
    /// Replaces all entries of the mapping that is an entry's value.
    func replaceAll(inValueOf index: Int, with entries: [NewEntry]) -> [Splice] {
        let key = mapping.entries[index].key
        guard case .mapping(let inner) = mapping.entries[index].value,
            let colon = text.offset(behind: ":", in: key.range.end.offset..<text.bytes.count)
        else { return [] }
        let editor = MappingEditor(inner, text: text)
        if inner.isFlow, mapping.isFlow || !inner.entries.isEmpty || editor.hasLines {
            return editor.fill(with: entries, isJSON: key.style == .doubleQuoted)
        }
        if inner.isFlow { return openBlock(key, colon: colon, replacing: inner, with: entries) }
        let removal = editor.change(removing: Array(inner.entries.indices))
        guard !entries.isEmpty else { return removal + [.insertion(of: " {}", at: colon)] }
        return removal + [block(entries, margin: editor.blockMargin, key: key, at: text.lineEnd(colon))]
    }

    /// Whether the braces are on different lines, so that comments may stand between them.
    private var hasLines: Bool { mapping.range.start.line != mapping.range.end.line }

    /// Puts entries between the braces, spaced like those that go.
    private func fill(with entries: [NewEntry], isJSON: Bool) -> [Splice] {
        guard let first = mapping.entries.first, let last = mapping.entries.last else {
            return [fillEmpty(with: entries, isJSON: isJSON)]
        }
        if hasLines {
            var edit = FlowEdit(self)
            return edit.splices(removing: Array(mapping.entries.indices), insteadOfAll: entries)
        }
        guard !entries.isEmpty else { return [Splice(inside, with: "")] }
        let written = entries.map { line($0.key, $0.value, like: first) }
        let gap = mapping.entries.count > 1 ? gap(before: 1) : gap(before: 0)
        return [Splice(start(of: 0)..<last.value.range.end.offset, with: written.joined(separator: "," + gap))]
    }

    private var inside: Range<Int> { mapping.range.start.offset + 1..<mapping.range.end.offset - 1 }

    private func fillEmpty(with entries: [NewEntry], isJSON: Bool) -> Splice {
        let written = entries.map { entry in
            guard case .number(let digits) = entry.value else { return "" }
            return (isJSON ? "\"\(entry.key)\"" : entry.key) + ": " + digits
        }
        let lineStart = text.previousLineStart(inside.upperBound)
        guard hasLines, text.isBlank(lineStart..<inside.upperBound) else {
            return Splice(inside, with: written.joined(separator: ", "))
        }
        // Before the closing brace, so that comments stay where they are.
        let margin = text.string(lineStart..<inside.upperBound) + "  "
        let lines = written.map { margin + $0 }.joined(separator: "," + text.lineBreak)
        return .insertion(of: lines + text.lineBreak, at: lineStart)
    }

    /// Writes `{}` as indented lines.
    private func openBlock(
        _ key: Node.Scalar,
        colon: Int,
        replacing empty: Node.Mapping,
        with entries: [NewEntry]
    ) -> [Splice] {
        let margin = String(repeating: " ", count: key.range.start.column + 1)
        let end = text.lineEnd(empty.range.end.offset)
        let gap = colon..<empty.range.start.offset
        guard !text.commentRanges(in: gap, outside: []).isEmpty else {
            // A tab behind a '?' key's colon is more than libyaml takes.
            let blanks = text.bytes[empty.range.end.offset..<end].prefix { " \t".utf8.contains($0) }
            let hasTab = blanks.contains(UInt8(ascii: "\t"))
            return [
                Splice(colon..<(hasTab ? blanks.endIndex : empty.range.end.offset), with: hasTab ? " " : ""),
                block(entries, margin: margin, key: key, at: end),
            ]
        }
        // The comment behind the colon stays there, and one behind the braces gets their line.
        let lineStart = text.previousLineStart(empty.range.start.offset)
        guard text.isBlank(empty.range.end.offset..<end) else {
            let comment = text.commentRanges(in: empty.range.end.offset..<end, outside: [])[0].lowerBound
            return [Splice(lineStart..<comment, with: margin), block(entries, margin: margin, key: key, at: end)]
        }
        let previousEnd = text.previousLineEnd(lineStart)
        return [Splice(previousEnd..<end, with: ""), block(entries, margin: margin, key: key, at: previousEnd)]
    }

    private func block(_ entries: [NewEntry], margin: String, key: Node.Scalar, at offset: Int) -> Splice {
        let lines = entries.map { text.lineBreak + margin + $0.key + ": " + write($0.value, style: .plain, key: key) }
        return .insertion(of: lines.joined(), at: offset)
    }
}
