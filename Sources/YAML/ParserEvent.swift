/// One event of libyaml, free of pointers.
struct ParserEvent {
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd, alias
        case scalar(text: String, style: Node.Scalar.Style)
        case sequenceStart(isFlow: Bool)
        case sequenceEnd
        case mappingStart(isFlow: Bool)
        case mappingEnd
    }

    var kind: Kind
    /// Unicode scalars before the event's first and behind its last character; a byte order mark is not counted.
    var start: Int
    var end: Int
    /// The length of the anchor's name in bytes, if there is one.
    var anchorLength: Int?
    var hasTag = false
}

/// What libyaml says when it cannot go on.
struct ParserFailure: Error {
    /// libyaml's words, such as `could not find expected ':'`.
    var problem: String
    /// The scalar at which it gave up.
    var mark: Int
    /// What it was doing, such as `while scanning a simple key`, and since which scalar.
    var context: String
    var contextMark: Int
    /// Whether memory is what was missing.
    var isOutOfMemory: Bool
}
