import CYAML

/// The only owner of a libyaml parser and of the bytes that it reads.
///
/// Neither pointer leaves this file. libyaml keeps the parser's own address, so it lives on the heap.
// Safety: both pointers are allocated in `init`, freed in `deinit`, and handed to libyaml only in between.
@safe struct EventParser: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// Prepares to parse.
    ///
    /// - Parameter text: Valid UTF-8 without a byte order mark.
    /// - Throws: ``ParserFailure`` if there is no memory.
    init(_ text: some Collection<UInt8>) throws(ParserFailure) {
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
    /// - Throws: ``ParserFailure``; no further event may be asked for then.
    mutating func next() throws(ParserFailure) -> ParserEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { unsafe yaml_event_delete(&event) }
        return unsafe Self.event(from: event)
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

    private static func event(from event: yaml_event_t) -> ParserEvent {
        var result = unsafe ParserEvent(
            kind: .streamStart,
            start: Mark(event.start_mark),
            end: Mark(event.end_mark)
        )
        switch unsafe event.type {
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let text = unsafe String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length),
                as: UTF8.self
            )
            result.kind = unsafe .scalar(text: text, style: style(scalar.style))
            unsafe setProperties(&result, anchor: scalar.anchor, tag: scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            let sequence = unsafe event.data.sequence_start
            result.kind = unsafe .sequenceStart(isFlow: sequence.style == YAML_FLOW_SEQUENCE_STYLE)
            unsafe setProperties(&result, anchor: sequence.anchor, tag: sequence.tag)
        case YAML_MAPPING_START_EVENT:
            let mapping = unsafe event.data.mapping_start
            result.kind = unsafe .mappingStart(isFlow: mapping.style == YAML_FLOW_MAPPING_STYLE)
            unsafe setProperties(&result, anchor: mapping.anchor, tag: mapping.tag)
        case YAML_SEQUENCE_END_EVENT: result.kind = .sequenceEnd
        case YAML_MAPPING_END_EVENT: result.kind = .mappingEnd
        case YAML_ALIAS_EVENT: result.kind = .alias
        case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: result.kind = .documentEnd
        case YAML_STREAM_START_EVENT: result.kind = .streamStart
        default: result.kind = .streamEnd
        }
        return result
    }

    private static func setProperties(
        _ event: inout ParserEvent,
        anchor: UnsafeMutablePointer<yaml_char_t>?,
        tag: UnsafeMutablePointer<yaml_char_t>?
    ) {
        if let anchor = unsafe anchor {
            event.anchorLength = unsafe String(cString: anchor).utf8.count
        }
        event.hasTag = unsafe tag != nil
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
