/// Makes the table of nodes from libyaml's events, without recursion.
struct TableBuilder: ~Copyable {
    /// What is not accepted so far, in the order of the text.
    private var errors: [YAMLError] = []
    /// How many more there are than ``Limits/findings``.
    private var errorsLeftOut = 0

    /// Where libyaml has begun to read.
    private let origin: SourcePosition
    private let isASCII: Bool
    private let substitution: Substitution?
    private var cursor: PositionCursor
    private var table: NodeTable
    private var keys: KeyTable
    /// The list or mapping that the next node belongs to; at first a list of documents, as it were.
    private var open = OpenCollection(place: -1, isMapping: false, isFlow: false)
    /// How many lists and mappings are open. Each one's row tells which one it is in until it is closed.
    private var depth = 0
    /// Behind the last node that is complete.
    private var lastEnd = SourcePosition.start

    /// A list or mapping whose end has not come yet.
    private struct OpenCollection {
        let place: Int
        let isMapping: Bool
        let isFlow: Bool
        /// Whether the next node is a key.
        var awaitsKey: Bool

        init(place: Int, isMapping: Bool, isFlow: Bool) {
            self.place = place
            self.isMapping = isMapping
            self.isFlow = isFlow
            awaitsKey = isMapping
        }

        /// One that has been open before.
        ///
        /// - Parameter place: -1 for what is around the document.
        init(place: Int, in table: NodeTable) {
            switch place >= 0 ? table.rows[place].kind : .alias {
            case .mapping(let isFlow): self.init(place: place, isMapping: true, isFlow: isFlow)
            case .sequence(let isFlow): self.init(place: place, isMapping: false, isFlow: isFlow)
            case .scalar, .alias: self.init(place: place, isMapping: false, isFlow: false)
            }
        }
    }

    /// - Parameters:
    ///   - scan: The file and what is known of it.
    ///   - substitution: What libyaml gets to see in place of some characters.
    init(_ scan: borrowing SourceScan, _ substitution: Substitution?) {
        origin = scan.startOfContent
        isASCII = scan.isASCII
        keys = KeyTable(textLength: scan.bytes.count)
        cursor = PositionCursor(scan.bytes, at: origin, scalarIndex: 0)
        table = NodeTable(file: scan.bytes)
        // A line of a profile is about as long.
        table.rows.reserveCapacity(min(scan.bytes.count / 8, Limits.nodes))
        self.substitution = substitution
    }

    /// The file as it is.
    private var bytes: [UInt8] { cursor.bytes }

    /// Parses the text.
    ///
    /// libyaml looks at most 1 024 characters ahead for a key, so stopping at the first event that is too deep
    /// also stops its time, which grows with the square of the depth of brackets.
    ///
    /// - Returns: The table, or none, with the reason as the last of the errors.
    mutating func build(from parser: inout EventParser) -> ParsedYAML {
        do throws(YAMLError) {
            repeat { try advance(&parser) } while try !take(parser)
            // Moved there, not copied.
            var finished = NodeTable(file: [])
            swap(&finished, &table)
            return ParsedYAML(table: finished, errors: errors, errorsLeftOut: errorsLeftOut)
        } catch {
            end(with: error)
            return ParsedYAML(table: nil, errors: errors, errorsLeftOut: errorsLeftOut)
        }
    }

    /// Notes what has ended the reading, which matters more than what was found last.
    private mutating func end(with error: YAMLError) {
        if errors.count == Limits.findings { errorsLeftOut += 1 }
        errors = errors.prefix(Limits.findings - 1) + [error]
    }

    /// Mutating, so that the builder stays where it is; else each event would copy it to the stack.
    private mutating func advance(_ parser: inout EventParser) throws(YAMLError) {
        do throws(ParserFailure) {
            try parser.advance()
        } catch {
            throw explained(error)
        }
    }

    private mutating func explained(_ failure: ParserFailure) -> YAMLError {
        // A value that is left out says nothing about what follows.
        let last = table.rows.last { $0.kind != .scalar(.plain) || !$0.range.bytes.isEmpty }
        let opened = open.isFlow ? table.rows[open.place] : nil
        let skipped = origin.offset - SourceScan.startOfText(bytes)
        return SyntaxFault(failure.moved(by: skipped), in: bytes, behind: last, inside: opened).error
    }

    /// Adds what the event brings.
    ///
    /// - Returns: Whether the document is complete.
    private mutating func take(_ event: borrowing EventParser) throws(YAMLError) -> Bool {
        switch event.kind {
        case .scalar: try addScalar(event)
        case .mappingStart: try openCollection(isMapping: true, event)
        case .sequenceStart: try openCollection(isMapping: false, event)
        case .collectionEnd: closeCollection(event)
        case .alias: try addAlias(event)
        case .streamStart, .documentStart: break
        case .streamEnd: throw emptyError
        case .documentEnd:
            try finishDocument(event)
            return true
        }
        return false
    }

    // MARK: Nodes

    private mutating func addScalar(_ event: borrowing EventParser) throws(YAMLError) {
        let isKey = try beginNode(event)
        let place = table.rows.count
        if let row = bareText(event) {
            add(row)
        } else {
            add(try scalar(event, isValue: open.isMapping && !isKey))
        }
        if isKey { check(keyAt: place) }
    }

    @inline(__always) private mutating func add(_ row: NodeTable.Row) {
        lastEnd = row.range.end
        table.rows.append(row)
    }

    /// A scalar whose text stands in the file as it is, which is nearly each: plain ASCII on one line. Others: nil.
    private func bareText(_ event: borrowing EventParser) -> NodeTable.Row? {
        guard isASCII, event.isBare else { return nil }
        let (start, end) = (event.start, event.end)
        // libyaml's mark of an empty text may be anywhere.
        guard start.line == end.line, start.index < end.index, end.index - start.index == event.textLength else {
            return nil
        }
        let range = SourceRange(position(start), position(end))
        return NodeTable.Row(.scalar(.plain), range: range, contents: range.bytes)
    }

    private mutating func scalar(_ event: borrowing EventParser, isValue: Bool) throws(YAMLError) -> NodeTable.Row {
        let style = event.style
        let range = range(style, event, isValue: isValue)
        let start = table.texts.count
        event.addText(to: &table.texts)
        substitution?.restore(&table.texts, from: start, style: style)
        let contents = start..<table.texts.count
        // Escapes can make what the file itself does not hold.
        if style == .doubleQuoted, hasTooManyMarks(contents) { throw MarkRun.error(at: range) }
        return NodeTable.Row(.scalar(style), range: range, contents: contents)
    }

    private func hasTooManyMarks(_ contents: Range<Int>) -> Bool {
        let text = table.texts[contents]
        // The first byte of U+0300 is 0xCC.
        guard text.contains(where: { $0 >= 0xCC }) else { return false }
        var marks = MarkRun()
        return String(decoding: text, as: UTF8.self).unicodeScalars.contains { marks.isTooLong(with: $0) }
    }

    /// Where a scalar stands.
    private mutating func range(
        _ style: Node.Scalar.Style,
        _ event: borrowing EventParser,
        isValue: Bool
    ) -> SourceRange {
        let start = advance(to: event.start)
        if event.scalarHasProperties { noteProperties(of: event, at: start) }
        switch style {
        case .literal, .folded:
            // libyaml's mark is behind the empty lines that follow.
            if isASCII { cursor = PositionCursor(bytes, at: start, scalarIndex: event.start.index) }
            return SourceRange(start, cursor.advanceTrimming(toScalar: event.end.index) ?? start)
        case .plain where event.start.index == event.end.index:
            let place = isValue ? placeOfNothing(before: start) : start
            return SourceRange(place, place)
        default:
            return SourceRange(start, advance(to: event.end))
        }
    }

    /// Where a value is left out: behind its colon, or where there is none behind its key. libyaml's mark may be that of
    /// the next token, lines away.
    private func placeOfNothing(before start: SourcePosition) -> SourcePosition {
        var cursor = PositionCursor(bytes, at: lastEnd, scalarIndex: 0)
        while cursor.position < start {
            let byte = bytes[cursor.position.offset]
            if byte == UInt8(ascii: "#") {
                _ = cursor.advanceToEndOfLine()
                continue
            }
            cursor.step()
            if byte == UInt8(ascii: ":") { return cursor.position }
        }
        return lastEnd
    }

    private mutating func openCollection(isMapping: Bool, _ event: borrowing EventParser) throws(YAMLError) {
        let isKey = try beginNode(event)
        guard depth < Limits.depth else {
            throw YAMLError(.tooDeep, "nested deeper than \(Limits.depth) levels", at: range(event))
        }
        let start = advance(to: event.start)
        if isKey {
            let range = SourceRange(start, advance(to: event.end))
            let isDoubled = isMapping && table.rows[open.place].range.start.offset + 1 == start.offset
            note(
                isDoubled && event.isFlow
                    ? .placeholder(.complexKey, at: range)
                    : YAMLError(.complexKey, "a key must be plain text, not a list or a mapping", at: range)
            )
        }
        if event.hasAnchor || event.hasTag { noteProperties(of: event, at: start) }
        let place = table.rows.count
        let isFlow = event.isFlow
        let kind: NodeTable.Kind = isMapping ? .mapping(isFlow: isFlow) : .sequence(isFlow: isFlow)
        table.rows.append(NodeTable.Row(opening: kind, at: start, place: place, inside: open.place))
        table.rows[place].isPassedOver = isKey
        lastEnd = start
        depth += 1
        open = OpenCollection(place: place, isMapping: isMapping, isFlow: isFlow)
    }

    private mutating func closeCollection(_ event: borrowing EventParser) {
        // The mark of a block's end is behind the comments that follow; a bracket's is exact.
        if open.isFlow { lastEnd = advance(to: event.end) }
        let closed = table.rows[open.place]
        table.rows[open.place].close(at: lastEnd, beforePlace: table.rows.count)
        depth -= 1
        open = OpenCollection(place: closed.holder, in: table)
        // Behind a key comes its value.
        if closed.isPassedOver { open.awaitsKey = false }
    }

    private mutating func addAlias(_ event: borrowing EventParser) throws(YAMLError) {
        let isKey = try beginNode(event)
        let range = SourceRange(advance(to: event.start), advance(to: event.end))
        note(YAMLError(.alias, "aliases are not accepted", at: range))
        lastEnd = range.end
        table.rows.append(NodeTable.Row(.alias, range: range, contents: 0..<0))
        table.rows[table.rows.count - 1].isPassedOver = isKey
    }

    /// Counts the node that comes.
    ///
    /// - Returns: Whether it is a key.
    private mutating func beginNode(_ event: borrowing EventParser) throws(YAMLError) -> Bool {
        guard table.rows.count < Limits.nodes else { throw tooManyNodes(event) }
        let isKey = open.awaitsKey
        open.awaitsKey = open.isMapping && !isKey
        return isKey
    }

    // MARK: Refusals

    private mutating func check(keyAt place: Int) {
        let contents = table.rows[place].contents
        if contents.count == 2, table.texts[contents.lowerBound] == UInt8(ascii: "<") { checkMerge(keyAt: place) }
        if let first = keys.insert(keyAt: place, ofMappingAt: open.place, in: table) {
            refuse(keyAt: place, like: first)
        }
    }

    private mutating func refuse(keyAt place: Int, like first: Int) {
        table.rows[place].isPassedOver = true
        guard errors.count < Limits.findings, let key = table.scalar(at: place)?.text else {
            errorsLeftOut += 1
            return
        }
        let name = key.utf8.count <= 60 ? key : String(key.unicodeScalars.prefix(57)) + "…"
        note(
            YAMLError(
                .duplicateKey,
                "duplicate key '\(name)'",
                at: table.rows[place].range,
                related: [YAMLError.Related(message: "first set here", range: table.rows[first].range)]
            )
        )
    }

    private mutating func checkMerge(keyAt place: Int) {
        guard table.rows[place].kind == .scalar(.plain), table.hasText("<<", at: place) else { return }
        note(YAMLError(.mergeKey, "merge keys are not accepted", at: table.rows[place].range))
        table.rows[place].isPassedOver = true
    }

    private mutating func noteProperties(of event: borrowing EventParser, at start: SourcePosition) {
        guard errors.count < Limits.findings else {
            errorsLeftOut += event.hasAnchor && event.hasTag ? 2 : 1
            return
        }
        let length = bytes[start.offset...].prefix { !" \t\r\n".utf8.contains($0) }.count
        var cursor = isASCII ? PositionCursor(bytes, at: start, scalarIndex: event.start.index) : cursor
        let range = SourceRange(start, cursor.advance(toOffset: start.offset + length))
        if event.hasAnchor { note(YAMLError(.anchor, "anchors are not accepted", at: range)) }
        if event.hasTag { note(YAMLError(.tag, "tags are not accepted", at: range)) }
    }

    private mutating func note(_ error: YAMLError) {
        if errors.count < Limits.findings { errors.append(error) } else { errorsLeftOut += 1 }
    }

    /// The place of a mark, no earlier than the places that were asked for before.
    private mutating func advance(to mark: Mark) -> SourcePosition {
        let offset = origin.offset + mark.index
        // At the end of the text libyaml may count one character too many.
        guard isASCII, offset < bytes.count else { return cursor.advance(toScalar: mark.index) }
        return position(mark)
    }

    /// The place of a mark in plain ASCII, where libyaml's lines and columns are those of editors.
    private func position(_ mark: Mark) -> SourcePosition {
        SourcePosition(offset: origin.offset &+ mark.index, line: origin.line &+ mark.line, column: mark.column &+ 1)
    }

    private func range(_ event: borrowing EventParser) -> SourceRange {
        var cursor = cursor
        let start = cursor.advance(toScalar: event.start.index)
        return SourceRange(start, cursor.advance(toScalar: event.end.index))
    }

    private func tooManyNodes(_ event: borrowing EventParser) -> YAMLError {
        YAMLError(.tooManyNodes, "more than \(Limits.nodes) keys and values", at: range(event))
    }

    private var emptyError: YAMLError {
        YAMLError(.empty, "the file holds no profile", at: SourceRange(.start, .start))
    }

    private mutating func finishDocument(_ event: borrowing EventParser) throws(YAMLError) {
        guard let root = table.rows.first, root.kind != .scalar(.plain) || !root.contents.isEmpty else {
            throw emptyError
        }
        // Where nothing follows, which is nearly always, there is nothing to walk to.
        guard origin.offset + event.start.index < bytes.count else { return }
        let end = advance(to: event.start)
        let rest = isASCII ? PositionCursor(bytes, at: end, scalarIndex: event.start.index) : cursor
        try TextBehindDocument.check(rest, behind: root.kind)
    }
}
