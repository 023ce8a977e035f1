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
    /// Before the event's first character.
    var start: Mark
    /// Behind its last character.
    var end: Mark
    /// The length of the anchor's name in bytes, if there is one.
    var anchorLength: Int?
    var hasTag = false
}

/// A place as libyaml counts it, from 0.
struct Mark {
    /// Unicode scalars before the place; a byte order mark is not counted.
    var index: Int
    /// Lines before the place. NEL, LS and PS end one, too.
    var line: Int
    /// Unicode scalars before the place in its line.
    var column: Int
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
