/// Brackets and braces that are not closed, and what is wrong between them.
extension SyntaxFault {
    /// What stands where a comma or the closing bracket should.
    var bracketFault: YAMLError {
        if let unclosedQuote { return unclosedQuote }
        if isUnclosed { return unclosedBracket }
        if let last, last.kind == .scalar(.plain), last.range.start.line < place.start.line {
            let start = Place(offset: last.range.start.offset, in: bytes)
            if bytes[last.range.bytes].startsForeignComment { return foreignComment(at: start) }
            return inside(
                "a ',' is missing behind this",
                at: start.restOfLine,
                help: "write a ',' at the end of the line"
            )
        }
        if bytes[place.start.offset...].startsForeignComment { return foreignComment(at: place) }
        switch place.scalar {
        case "]", "}":
            return inside("this does not close the '\(opening)'", at: place.character, help: "write '\(closing)' here")
        case ":":
            return inside(
                "this ':' cannot stand here",
                at: place.character,
                help: "put the text before it in quotes, or a ',' between the entries"
            )
        default:
            let isAdjacent = last?.range.end.offset == place.start.offset
            if isAdjacent, let textBehindQuote { return textBehindQuote }
            return inside(
                "a ',' or '\(closing)' is missing before this",
                at: place.word(in: bytes),
                help: "write entries as 'key: value', and a ',' between them"
            )
        }
    }

    private var isList: Bool { opened?.kind == .sequence(isFlow: true) }
    private var opening: String { isList ? "[" : "{" }
    private var closing: String { isList ? "]" : "}" }
    private var openingPlace: SourceRange {
        (opened.map { Place(offset: $0.range.start.offset, in: bytes) } ?? context).character
    }

    private func inside(_ message: String, at range: SourceRange, help: String) -> YAMLError {
        let related = [YAMLError.Related(message: "opened here", range: openingPlace)]
        return YAMLError(.syntax, message, at: range, related: related, help: help)
    }

    var unclosedBracket: YAMLError {
        fault(
            "this '\(opening)' is not closed",
            at: openingPlace,
            help: "close it with '\(closing)', or put the text in quotes if it is no "
                + (opening == "[" ? "list" : "mapping")
        )
    }

    /// Whether the document ends there.
    var isAtEnd: Bool {
        let rest = bytes[place.start.offset...]
        return rest.isEmpty
            || place.start.column == 1 && (rest.starts(with: "---".utf8) || rest.starts(with: "...".utf8))
    }

    /// Whether the text ends inside, or goes on with lines that stand as far left as the one with the bracket.
    private var isUnclosed: Bool {
        if isAtEnd { return true }
        let start = openingPlace.start
        let line = TextLine(at: start.offset, in: bytes)
        guard start.line < place.start.line, line.ink != start.offset else { return false }
        return TextLine(at: place.start.offset, in: bytes).indentation <= line.indentation
            && !"]}".unicodeScalars.contains(place.scalar ?? "]")
    }
}
