import CYAML

/// The only owner of a libyaml parser and of the bytes that it reads.
///
/// No pointer leaves this file. libyaml keeps the parser's own address, so it lives on the heap.
// Safety: both pointers are allocated in `init`, freed in `deinit`, and handed to libyaml only in between.
@safe struct EventParser: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private var event = unsafe yaml_event_t()

    /// Prepares to parse.
    ///
    /// - Parameter text: Valid UTF-8 without a byte order mark.
    /// - Throws: ``ParserFailure`` if there is no memory.
    init(_ text: ArraySlice<UInt8>) throws(ParserFailure) {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            unsafe parser.deallocate()
            throw ParserFailure(problem: "", mark: 0, context: "", contextMark: 0, isOutOfMemory: true)
        }
        let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count)
        _ = unsafe input.initialize(fromContentsOf: text)
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
        unsafe self.parser = parser
        unsafe self.input = input
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    /// The next event.
    ///
    /// - Parameter texts: Gets a scalar's text behind what it holds.
    /// - Throws: ``ParserFailure``; no further event may be asked for then.
    mutating func next(addingTextTo texts: inout [UInt8]) throws(ParserFailure) -> ParserEvent {
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        let kind: ParserEvent.Kind
        var hasAnchor = false
        var hasTag = false
        switch unsafe event.type {
        case YAML_SCALAR_EVENT:
            unsafe texts.append(
                contentsOf: UnsafeBufferPointer(start: event.data.scalar.value, count: event.data.scalar.length)
            )
            kind = unsafe .scalar(Self.style(event.data.scalar.style))
            hasAnchor = unsafe event.data.scalar.anchor != nil
            hasTag = unsafe event.data.scalar.tag != nil
        case YAML_SEQUENCE_START_EVENT:
            kind = unsafe .sequenceStart(isFlow: event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE)
            hasAnchor = unsafe event.data.sequence_start.anchor != nil
            hasTag = unsafe event.data.sequence_start.tag != nil
        case YAML_MAPPING_START_EVENT:
            kind = unsafe .mappingStart(isFlow: event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE)
            hasAnchor = unsafe event.data.mapping_start.anchor != nil
            hasTag = unsafe event.data.mapping_start.tag != nil
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: kind = .collectionEnd
        case YAML_ALIAS_EVENT: kind = .alias
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
        case YAML_STREAM_START_EVENT: kind = .streamStart
        default: kind = .streamEnd
        }
        let (start, end) = unsafe (Mark(event.start_mark), Mark(event.end_mark))
        unsafe yaml_event_delete(&event)
        return ParserEvent(kind: kind, start: start, end: end, hasAnchor: hasAnchor, hasTag: hasTag)
    }

    private func failure() -> ParserFailure {
        func text(_ pointer: UnsafePointer<CChar>?) -> String {
            guard let pointer = unsafe pointer else { return "" }
            return unsafe String(cString: pointer)
        }
        return unsafe ParserFailure(
            problem: text(parser.pointee.problem),
            mark: parser.pointee.problem_mark.index,
            context: text(parser.pointee.context),
            contextMark: parser.pointee.context_mark.index,
            isOutOfMemory: parser.pointee.error == YAML_MEMORY_ERROR
        )
    }

    private static func style(_ style: yaml_scalar_style_t) -> Node.Scalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }
}

extension Mark {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(index: Int(mark.index), line: Int(mark.line), column: Int(mark.column))
    }
}
