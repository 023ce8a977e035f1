import YAML

/// Finds the edits that change a mapping's entries in the style in which it is written.
struct MappingEditor {
    let mapping: Node.Mapping
    let text: EditableText

    /// A key with a value that is to be written.
    typealias NewEntry = (key: String, value: EntryValue)
    /// New entries, and the entry that they come behind.
    typealias Addition = (entries: [NewEntry], index: Int)

    init(_ mapping: Node.Mapping, text: EditableText) {
        self.mapping = mapping
        self.text = text
    }

    // MARK: Places

    /// Where an entry begins: with its key, or the question mark before it.
    func start(of index: Int) -> Int {
        let key = mapping.entries[index].key.range.start.offset
        let end = index > 0 ? mapping.entries[index - 1].value.range.end.offset : mapping.range.start.offset
        return text.offset(behind: "?", in: end..<key).map { $0 - 1 } ?? key
    }

    /// Where an entry ends: with its value, or where that is left out with its colon or its key.
    func end(of index: Int) -> Int {
        let (key, value) = (mapping.entries[index].key.range, mapping.entries[index].value.range)
        return value.bytes.isEmpty ? colon(of: index) ?? key.end.offset : value.end.offset
    }

    /// The offset behind the colon of an entry whose value is left out.
    private func colon(of index: Int) -> Int? {
        let isLast = index + 1 == mapping.entries.count
        let end = isLast ? mapping.isFlow ? mapping.range.end.offset : text.bytes.count : start(of: index + 1)
        return text.offset(behind: ":", in: mapping.entries[index].key.range.end.offset..<end)
    }

    /// The white space before an entry that is the first thing on its line; nil for another.
    func margin(of index: Int) -> String? {
        let start = start(of: index)
        let lineStart = text.previousLineStart(start)
        return text.isBlank(lineStart..<start) ? text.string(lineStart..<start) : nil
    }

    // MARK: Replacing

    /// Gives an entry another value.
    func replace(_ index: Int, with value: EntryValue) -> [Splice] {
        let entry = mapping.entries[index]
        guard case .scalar(let scalar) = entry.value else { return [] }
        let written = keepingHeaderComment(of: scalar, in: write(value, replacing: scalar, of: entry.key))
        guard scalar.range.bytes.isEmpty else { return [Splice(scalar.range.bytes, with: written)] }
        return [fillIn(written, at: index)]
    }

    /// Puts the comment behind a block scalar's header behind the first line of what comes in its place.
    private func keepingHeaderComment(of scalar: Node.Scalar, in written: String) -> String {
        guard let comment = text.headerComment(of: scalar) else { return written }
        let head = written.prefix { !["\n", "\r", "\r\n"].contains($0) }
        return head + comment + written[head.endIndex...]
    }

    /// Writes a value that was left out, maybe with its colon.
    private func fillIn(_ written: String, at index: Int) -> Splice {
        let key = mapping.entries[index].key.range.end.offset
        // Behind the colon there may be no blank.
        if let colon = colon(of: index) { return .insertion(of: " " + written, at: colon) }
        if mapping.isFlow { return .insertion(of: ": " + written, at: key) }
        return .insertion(of: text.lineBreak + blockMargin + ": " + written, at: text.lineEnd(key))
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
    func blockIndentation(of scalar: Node.Scalar) -> Int? {
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
    func context(of key: Node.Scalar) -> ScalarText.Context {
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

    /// Adds entries behind another, in lines.
    private func insert(_ entries: [NewEntry], after index: Int) -> [Splice] {
        guard !entries.isEmpty else { return [] }
        let end = end(of: index)
        let lines = entries.map { blockMargin + line($0.key, $0.value, like: mapping.entries[index]) }
        if keepsBlankLines(mapping.entries[index].value) {
            let next = text.skippingBlankLines(text.nextLine(end))
            return [.insertion(of: lines.map { $0 + text.lineBreak }.joined(), at: next)]
        }
        return [.insertion(of: lines.map { text.lineBreak + $0 }.joined(), at: text.lineEnd(end))]
            + strip(mapping.entries[index].value)
    }

    /// Tells a block at the very end of a file, which has no line break to end its text, to take none that comes.
    private func strip(_ value: Node) -> [Splice] {
        guard case .scalar(let scalar) = value, scalar.style == .literal || scalar.style == .folded,
            scalar.range.end.offset == text.bytes.count, !text.string(scalar.range.bytes).prefix(3).contains("-")
        else { return [] }
        return [.insertion(of: "-", at: scalar.range.start.offset + 1)]
    }

    /// The spaces before a key of a mapping that is written in lines.
    var blockMargin: String { String(repeating: " ", count: mapping.range.start.column - 1) }

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
        if let margin = margin(of: index) { return text.lineBreak + margin }
        let start = start(of: index)
        if index > 0 {
            let end = mapping.entries[index - 1].value.range.end.offset
            let gap = (text.offset(behind: ",", in: end..<start) ?? end)..<start
            if text.isBlank(gap) { return text.string(gap) }
        }
        let lead = mapping.range.start.offset + 1..<start
        return !lead.isEmpty && text.isBlank(lead) ? text.string(lead) : " "
    }

    /// Whether empty lines behind the value belong to it, as in a block with `+`.
    private func keepsBlankLines(_ value: Node) -> Bool {
        guard case .scalar(let scalar) = value, scalar.style == .literal || scalar.style == .folded else {
            return false
        }
        return text.string(scalar.range.bytes).prefix(3).contains("+")
    }

    // MARK: Removing and adding

    /// Removes entries, though not all of them, and adds others.
    ///
    /// - Parameters:
    ///   - removed: Ascending.
    ///   - additions: Behind entries that stay.
    func change(removing removed: [Int], adding additions: [Addition] = []) -> [Splice] {
        guard !mapping.isFlow else {
            var edit = FlowEdit(self)
            return edit.splices(removing: removed, adding: additions)
        }
        let removals = removed.map { Splice(lineRange($0), with: "") }
        let extended = Set(additions.filter { !$0.entries.isEmpty }.map(\.index))
        return removals + blockEnds(behind: removals, of: removed, except: extended)
            + additions.flatMap { insert($0.entries, after: $0.index) }
    }

    /// The edits that keep blocks of text before entries that go as they are.
    ///
    /// - Parameter extended: Entries that others come behind.
    func blockEnds(behind removals: [Splice], of removed: [Int], except extended: Set<Int> = []) -> [Splice] {
        let gone = Set(removed)
        return removed.map { $0 - 1 }.filter { $0 >= 0 && !gone.contains($0) && !extended.contains($0) }
            .flatMap { BlockEnd(of: $0, in: self)?.splices(behind: removals) ?? [] }
    }

    /// A whole line, with the comment that follows on it.
    private func lineRange(_ index: Int) -> Range<Int> {
        let end = end(of: index)
        var start = start(of: index)
        guard margin(of: index) == nil else { return text.previousLineStart(start)..<text.nextLine(end) }
        // Behind the colon of a '?': that line stays.
        while text.isBlank(start - 1) { start -= 1 }
        return start..<text.lineEnd(end)
    }
}
