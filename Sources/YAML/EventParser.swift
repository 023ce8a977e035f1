import CYAML

/// The only owner of a libyaml parser and of the event at which it stands.
///
/// No pointer leaves this file. libyaml keeps the parser's own address, so parser and event stay where they are while
/// the text is read. Of an event only the few fields that are wanted are read.
// Safety: the pointers are valid for as long as `read` runs, and so is the parser, which nobody can take out of there.
@safe struct EventParser: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let event: UnsafeMutablePointer<yaml_event_t>

    /// Lets a reader have a parser for a text.
    ///
    /// - Parameter text: Valid UTF-8 without a byte order mark.
    /// - Returns: What the reader returns; nil if there is no memory.
    static func read<Outcome>(_ text: ArraySlice<UInt8>, _ reader: (inout EventParser) -> Outcome) -> Outcome? {
        unsafe text.withUnsafeBufferPointer { text in
            unsafe withUnsafeTemporaryAllocation(of: yaml_parser_t.self, capacity: 1) { parsers in
                unsafe withUnsafeTemporaryAllocation(of: yaml_event_t.self, capacity: 1) { events in
                    guard let parser = parsers.baseAddress, let event = events.baseAddress,
                        unsafe yaml_parser_initialize(parser) == 1
                    else { return nil }
                    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
                    unsafe yaml_parser_set_input_string(parser, text.baseAddress, text.count)
                    unsafe event.initialize(to: yaml_event_t())
                    var events = unsafe EventParser(parser: parser, event: event)
                    return reader(&events)
                }
            }
        }
    }

    private init(parser: UnsafeMutablePointer<yaml_parser_t>, event: UnsafeMutablePointer<yaml_event_t>) {
        unsafe self.parser = parser
        unsafe self.event = event
    }

    deinit {
        unsafe yaml_event_delete(event)
        unsafe yaml_parser_delete(parser)
    }

    /// Goes on to the next event.
    ///
    /// - Throws: ``ParserFailure``; no further event may be asked for then.
    mutating func advance() throws(ParserFailure) {
        unsafe yaml_event_delete(event)
        guard unsafe yaml_parser_parse(parser, event) == 1 else { throw failure() }
    }

    // MARK: The event

    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd, scalar, alias
        case sequenceStart, mappingStart, collectionEnd
    }

    var kind: Kind {
        switch unsafe event.pointee.type {
        case YAML_SCALAR_EVENT: .scalar
        case YAML_SEQUENCE_START_EVENT: .sequenceStart
        case YAML_MAPPING_START_EVENT: .mappingStart
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: .collectionEnd
        case YAML_ALIAS_EVENT: .alias
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_DOCUMENT_END_EVENT: .documentEnd
        case YAML_STREAM_START_EVENT: .streamStart
        default: .streamEnd
        }
    }

    /// Before the event's first character.
    var start: Mark { unsafe Mark(event.pointee.start_mark) }

    /// Behind the event's last character.
    var end: Mark { unsafe Mark(event.pointee.end_mark) }

    /// How a scalar is written.
    var style: Node.Scalar.Style {
        switch unsafe event.pointee.data.scalar.style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    /// Whether a list or mapping that starts is written in brackets or braces.
    var isFlow: Bool {
        unsafe event.pointee.type == YAML_MAPPING_START_EVENT
            ? event.pointee.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
            : event.pointee.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
    }

    /// Whether a scalar is written without quotes, and has neither anchor nor tag.
    var isBare: Bool {
        unsafe event.pointee.data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !scalarHasProperties
    }

    /// Whether a scalar has an anchor or a tag.
    var scalarHasProperties: Bool {
        unsafe event.pointee.data.scalar.anchor != nil || event.pointee.data.scalar.tag != nil
    }

    /// Whether a scalar, or a list or mapping that starts, has an anchor.
    var hasAnchor: Bool {
        switch unsafe event.pointee.type {
        case YAML_SCALAR_EVENT: unsafe event.pointee.data.scalar.anchor != nil
        case YAML_SEQUENCE_START_EVENT: unsafe event.pointee.data.sequence_start.anchor != nil
        case YAML_MAPPING_START_EVENT: unsafe event.pointee.data.mapping_start.anchor != nil
        default: false
        }
    }

    /// Whether a scalar, or a list or mapping that starts, has a tag.
    var hasTag: Bool {
        switch unsafe event.pointee.type {
        case YAML_SCALAR_EVENT: unsafe event.pointee.data.scalar.tag != nil
        case YAML_SEQUENCE_START_EVENT: unsafe event.pointee.data.sequence_start.tag != nil
        case YAML_MAPPING_START_EVENT: unsafe event.pointee.data.mapping_start.tag != nil
        default: false
        }
    }

    /// How many bytes a scalar's text has.
    var textLength: Int { unsafe event.pointee.data.scalar.length }

    /// Adds a scalar's text to others.
    func addText(to texts: inout [UInt8]) {
        unsafe texts.append(
            contentsOf: UnsafeBufferPointer(
                start: event.pointee.data.scalar.value,
                count: event.pointee.data.scalar.length
            )
        )
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
}

extension Mark {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(
            index: Int(truncatingIfNeeded: mark.index),
            line: Int(truncatingIfNeeded: mark.line),
            column: Int(truncatingIfNeeded: mark.column)
        )
    }
}
