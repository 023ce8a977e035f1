/// One event of libyaml, free of pointers.
struct ParserEvent {
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd, alias
        case scalar(Node.Scalar.Style)
        case sequenceStart(isFlow: Bool)
        case mappingStart(isFlow: Bool)
        case collectionEnd
    }

    let kind: Kind
    /// Before the event's first character.
    let start: Mark
    /// Behind its last character.
    let end: Mark
    let hasAnchor: Bool
    let hasTag: Bool
}

/// A place as libyaml counts it, from 0.
struct Mark {
    /// Unicode scalars before the place; a byte order mark is not counted.
    let index: Int
    /// Lines before the place. NEL, LS and PS end one, too.
    let line: Int
    /// Unicode scalars before the place in its line.
    let column: Int
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
