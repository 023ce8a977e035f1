import YAML

/// Finds the edits that change a mapping's entries in the style in which it is written.
struct MappingEditor {
    let mapping: Node.Mapping
    let text: EditableText

    init(_ mapping: Node.Mapping, text: EditableText) {
        self.mapping = mapping
        self.text = text
    }

    // MARK: Replacing

    /// Gives an entry another value.
    func replace(_ index: Int, with value: EntryValue) -> [Splice] {
        let entry = mapping.entries[index]
        guard case .scalar(let scalar) = entry.value else { return [] }
        let written = write(value, replacing: scalar, of: entry.key)
        // Behind the colon of a value that is left out there may be no blank.
        return [Splice(scalar.range.bytes, with: scalar.range.bytes.isEmpty ? " " + written : written)]
    }

    private func write(_ value: EntryValue, replacing scalar: Node.Scalar, of key: Node.Scalar) -> String {
        if case .text(let text) = value, scalar.style == .literal || scalar.style == .folded {
            let indentation = blockIndentation(of: scalar) ?? key.range.start.column + 1
            let block = ScalarText.literalBlock(text, indentation: indentation, lineBreak: self.text.lineBreak)
            if let block { return block }
        }
        return write(value, style: scalar.style, key: key)
    }

    /// The spaces before a block scalar's first line of text; nil if it has none.
    private func blockIndentation(of scalar: Node.Scalar) -> Int? {
        let start = text.skippingBlankLines(text.nextLine(scalar.range.start.offset))
        guard start < scalar.range.end.offset else { return nil }
        return text.bytes[start...].prefix { $0 == UInt8(ascii: " ") }.count
    }

    func write(_ value: EntryValue, style: Node.Scalar.Style, key: Node.Scalar) -> String {
        switch value {
        case .number(let digits): digits
        case .text(let text): ScalarText.write(text, preferring: style, in: context(of: key))
        }
    }

    /// In braces with quoted keys the file may be JSON, and stays it.
    private func context(of key: Node.Scalar) -> ScalarText.Context {
        guard mapping.isFlow else { return .block }
        return key.style == .doubleQuoted ? .json : .flow
    }

    /// Gives an entry another key.
    func rename(_ index: Int, to name: String) -> Splice {
        let key = mapping.entries[index].key
        let written =
            switch key.style {
            case .doubleQuoted: "\"\(name)\""
            case .singleQuoted: "'\(name)'"
            case .plain, .literal, .folded: name
            }
        return Splice(key.range.bytes, with: written)
    }

    // MARK: Adding

    /// Adds entries behind another.
    func insert(_ entries: [(key: String, value: EntryValue)], after index: Int) -> [Splice] {
        guard !entries.isEmpty else { return [] }
        let written = entries.map { line($0.key, $0.value, like: mapping.entries[index]) }
        let end = mapping.entries[index].value.range.end.offset
        if mapping.isFlow {
            let gap = gap(before: index)
            return [.insertion(of: written.map { "," + gap + $0 }.joined(), at: end)]
        }
        let margin = String(repeating: " ", count: mapping.range.start.column - 1)
        let lines = written.map { margin + $0 }
        if keepsBlankLines(mapping.entries[index].value) {
            let next = text.skippingBlankLines(text.nextLine(end))
            return [.insertion(of: lines.map { $0 + text.lineBreak }.joined(), at: next)]
        }
        return [.insertion(of: lines.map { text.lineBreak + $0 }.joined(), at: text.lineEnd(end))]
    }

    func line(_ key: String, _ value: EntryValue, like neighbour: Node.Mapping.Entry) -> String {
        let written = write(value, style: .plain, key: neighbour.key)
        let between = text.string(neighbour.key.range.end.offset..<neighbour.value.range.start.offset)
        switch neighbour.key.style {
        case .doubleQuoted: return "\"\(key)\"" + (mapping.isFlow && between == ":" ? ":" : ": ") + written
        case .singleQuoted: return "'\(key)': \(written)"
        default: return "\(key): \(written)"
        }
    }

    /// The white space that separates an entry from the one before it.
    func gap(before index: Int) -> String {
        let start = mapping.entries[index].key.range.start.offset
        if index > 0 {
            let end = mapping.entries[index - 1].value.range.end.offset
            let gap = text.string((text.offset(behind: ",", in: end..<start) ?? end)..<start)
            if gap.allSatisfy(\.isWhitespace) { return gap }
        }
        let lead = text.string(mapping.range.start.offset + 1..<start)
        return !lead.isEmpty && lead.allSatisfy(\.isWhitespace) ? lead : " "
    }

    /// Whether empty lines behind the value belong to it, as in a block with `+`.
    private func keepsBlankLines(_ value: Node) -> Bool {
        guard case .scalar(let scalar) = value, scalar.style == .literal || scalar.style == .folded else {
            return false
        }
        return text.string(scalar.range.bytes).prefix(3).contains("+")
    }

    // MARK: Removing

    /// Removes entries; not all of them.
    ///
    /// - Parameter indices: Ascending.
    func remove(_ indices: [Int]) -> [Splice] {
        let ranges = mapping.isFlow ? runs(of: indices).flatMap(flowRanges) : indices.map(lineRange)
        return ranges.map { Splice($0, with: "") }
    }

    /// A whole line, with the comment that follows on it.
    private func lineRange(_ index: Int) -> Range<Int> {
        let entry = mapping.entries[index]
        let start = entry.key.range.start.offset - (entry.key.range.start.column - 1)
        return start..<text.nextLine(entry.value.range.end.offset)
    }

    /// Entries with one comma.
    private func flowRanges(_ run: ClosedRange<Int>) -> [Range<Int>] {
        let start = mapping.entries[run.lowerBound].key.range.start.offset
        let end = mapping.entries[run.upperBound].value.range.end.offset
        if run.lowerBound == 0 {
            guard run.upperBound + 1 < mapping.entries.count else { return [start..<end] }
            let next = mapping.entries[run.upperBound + 1].key.range.start.offset
            guard text.string(end..<next).contains("#"), let comma = text.offset(behind: ",", in: end..<next)
            else { return [start..<next] }
            return [start..<end, comma - 1..<comma]
        }
        let previous = mapping.entries[run.lowerBound - 1].value.range.end.offset
        guard text.string(previous..<start).contains("#"),
            let comma = text.offset(behind: ",", in: previous..<start)
        else { return [previous..<end] }
        return [comma - 1..<comma, start..<end]
    }

    private func runs(of indices: [Int]) -> [ClosedRange<Int>] {
        indices.reduce(into: []) { runs, index in
            if let last = runs.last, last.upperBound + 1 == index {
                runs[runs.count - 1] = last.lowerBound...index
            } else {
                runs.append(index...index)
            }
        }
    }
}
