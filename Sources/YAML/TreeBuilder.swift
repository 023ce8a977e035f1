/// Makes the tree of nodes from libyaml's events, without recursion.
struct TreeBuilder {
    /// What is not accepted so far, in the order of the text.
    private(set) var errors: [YAMLError] = []

    private let bytes: [UInt8]
    /// Whether libyaml's lines and columns are those of editors: in plain ASCII they are.
    private let isASCII: Bool
    /// The bytes of a byte order mark, which libyaml does not see.
    private let startOfText: Int
    private let substitution: Substitution?
    private var cursor: PositionCursor
    private var open: [OpenCollection] = []
    private var root: Node?
    private var nodeCount = 0

    /// - Parameters:
    ///   - bytes: The file as it is, which positions refer to.
    ///   - isASCII: Whether every character is a byte, a byte order mark aside.
    ///   - substitution: What was hidden from libyaml.
    init(_ bytes: [UInt8], isASCII: Bool, substitution: Substitution?) {
        self.bytes = bytes
        self.isASCII = isASCII
        startOfText = bytes.starts(with: SourceScan.byteOrderMark) ? SourceScan.byteOrderMark.count : 0
        self.substitution = substitution
        cursor = PositionCursor(bytes)
    }

    /// Parses the text.
    ///
    /// libyaml looks at most 1 024 characters ahead for a key, so stopping at the first event that is too deep
    /// also stops its time, which grows with the square of the depth of brackets.
    ///
    /// - Parameter text: The file without a byte order mark and with the substitution in place.
    /// - Returns: The tree; nil, with the reason as the last of ``errors``, if there is none.
    mutating func build(from text: [UInt8]) -> Node? {
        do throws(YAMLError) {
            var parser = try makeParser(text)
            while try !take(next(&parser)) {}
            return root
        } catch {
            errors.append(error)
            return nil
        }
    }

    private func makeParser(_ text: [UInt8]) throws(YAMLError) -> EventParser {
        do throws(ParserFailure) {
            return try EventParser(text)
        } catch {
            throw error.yamlError(in: bytes)
        }
    }

    private func next(_ parser: inout EventParser) throws(YAMLError) -> ParserEvent {
        do throws(ParserFailure) {
            return try parser.next()
        } catch {
            throw error.yamlError(in: bytes)
        }
    }

    /// Adds what the event brings.
    ///
    /// - Returns: Whether the document is complete.
    private mutating func take(_ event: ParserEvent) throws(YAMLError) -> Bool {
        switch event.kind {
        case .streamStart, .documentStart: break
        case .streamEnd: throw emptyError
        case .documentEnd:
            try finishDocument(event)
            return true
        case .alias:
            throw YAMLError(.alias, "aliases are not accepted", at: range(event))
        case .scalar(let text, let style):
            try countNode(at: event)
            try add(.scalar(scalar(text, style, event)))
        case .sequenceStart(let isFlow):
            try openCollection(isMapping: false, isFlow: isFlow, event)
        case .mappingStart(let isFlow):
            try openCollection(isMapping: true, isFlow: isFlow, event)
        case .sequenceEnd, .mappingEnd:
            try closeCollection(event)
        }
        return false
    }

    // MARK: Nodes

    private mutating func scalar(_ text: String, _ style: Node.Scalar.Style, _ event: ParserEvent) -> Node.Scalar {
        var start = advance(to: event.start)
        noteProperties(of: event, at: start)
        var end = start
        switch style {
        case .literal, .folded:
            // libyaml's mark is behind the empty lines that follow.
            if isASCII { cursor = PositionCursor(bytes, at: start, scalarIndex: event.start.index) }
            end = cursor.advanceTrimming(toScalar: event.end.index) ?? start
        case .plain where event.start.index == event.end.index:
            // A value that is left out is marked at the next token, which may be lines away.
            if let parent = open.indices.last, let key = open[parent].pendingKey, key.range.end.line < start.line {
                (start, end) = (key.range.end, key.range.end)
            }
        default:
            end = advance(to: event.end)
        }
        return Node.Scalar(
            text: substitution?.restore(text, style: style) ?? text,
            style: style,
            range: SourceRange(start, end)
        )
    }

    private mutating func openCollection(isMapping: Bool, isFlow: Bool, _ event: ParserEvent) throws(YAMLError) {
        try countNode(at: event)
        if let parent = open.indices.last, open[parent].awaitsKey {
            throw YAMLError(.complexKey, "a key must be plain text, not a list or a mapping", at: range(event))
        }
        guard open.count < Limits.depth else {
            throw YAMLError(.tooDeep, "nested deeper than \(Limits.depth) levels", at: range(event))
        }
        let start = advance(to: event.start)
        noteProperties(of: event, at: start)
        open.append(OpenCollection(isMapping: isMapping, isFlow: isFlow, start: start))
    }

    private mutating func closeCollection(_ event: ParserEvent) throws(YAMLError) {
        guard let collection = open.popLast() else { return }
        // The mark of a block's end is behind the comments that follow; a bracket's is exact.
        let end = collection.isFlow ? advance(to: event.end) : collection.lastEnd
        try add(collection.node(end: end))
    }

    /// Puts a finished node where it belongs.
    private mutating func add(_ node: Node) throws(YAMLError) {
        guard let parent = open.indices.last else {
            root = node
            return
        }
        guard open[parent].awaitsKey else {
            open[parent].append(node)
            return
        }
        guard case .scalar(let key) = node else { return }
        if key.style == .plain, key.text == "<<" {
            note(YAMLError(.mergeKey, "merge keys are not accepted", at: key.range))
        }
        if let first = open[parent].setKey(key), errors.count < Limits.findings {
            let name = key.text.utf8.count <= 60 ? key.text : String(key.text.unicodeScalars.prefix(57)) + "…"
            note(
                YAMLError(
                    .duplicateKey,
                    "duplicate key '\(name)'",
                    at: key.range,
                    related: [YAMLError.Related(message: "first set here", range: first)]
                )
            )
        }
    }

    // MARK: Refusals

    private mutating func countNode(at event: ParserEvent) throws(YAMLError) {
        nodeCount += 1
        guard nodeCount <= Limits.nodes else {
            throw YAMLError(.tooManyNodes, "more than \(Limits.nodes) keys and values", at: range(event))
        }
    }

    private mutating func noteProperties(of event: ParserEvent, at start: SourcePosition) {
        guard event.anchorLength != nil || event.hasTag, errors.count < Limits.findings else { return }
        let length = bytes[start.offset...].prefix { !" \t\r\n".utf8.contains($0) }.count
        var cursor = isASCII ? PositionCursor(bytes, at: start, scalarIndex: event.start.index) : cursor
        let range = SourceRange(start, cursor.advance(toOffset: start.offset + length))
        if event.anchorLength != nil { note(YAMLError(.anchor, "anchors are not accepted", at: range)) }
        if event.hasTag { note(YAMLError(.tag, "tags are not accepted", at: range)) }
    }

    private mutating func note(_ error: YAMLError) {
        if errors.count < Limits.findings { errors.append(error) }
    }

    /// The place of a mark, no earlier than the places that were asked for before.
    private mutating func advance(to mark: Mark) -> SourcePosition {
        guard isASCII else { return cursor.advance(toScalar: mark.index) }
        // At the end of the text libyaml may count one character too many.
        let offset = startOfText + mark.index
        guard offset < bytes.count else { return cursor.advance(toScalar: mark.index) }
        return SourcePosition(offset: offset, line: mark.line + 1, column: mark.column + 1)
    }

    private func range(_ event: ParserEvent) -> SourceRange {
        var cursor = cursor
        let start = cursor.advance(toScalar: event.start.index)
        return SourceRange(start, cursor.advance(toScalar: event.end.index))
    }

    private var emptyError: YAMLError {
        YAMLError(.empty, "the file holds no profile", at: SourceRange(.start, .start))
    }

    /// Looks at what comes behind the document, without libyaml, which would read all directives there.
    private mutating func finishDocument(_ event: ParserEvent) throws(YAMLError) {
        guard let node = root else { throw emptyError }
        if case .scalar(let scalar) = node, scalar.style == .plain, scalar.text.isEmpty { throw emptyError }
        var rest = cursor
        _ = rest.advance(toScalar: event.start.index)
        var hasEndMark = false
        while !rest.isAtEnd {
            let start = rest.position
            let end = rest.advanceToEndOfLine()
            let line = bytes[start.offset..<end.offset].drop { " \t\r\n".utf8.contains($0) }
            if !rest.isAtEnd { rest.step() }
            if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
            if line.starts(with: "...".utf8), !hasEndMark {
                hasEndMark = true
                continue
            }
            let isDocument = hasEndMark || line.starts(with: "---".utf8)
            throw isDocument
                ? YAMLError(.severalDocuments, "a second document starts here", at: SourceRange(start, end))
                : YAMLError(.syntax, "this line is indented less than the first key", at: SourceRange(start, end))
        }
    }
}
