/// Makes of libyaml's failure what a person needs: what is wrong in plain words, where it has to be mended, and how.
///
/// libyaml tells where it gave up, which may be lines behind the mistake: a missing colon is noticed on the next line,
/// an open quote at the end of the file. So what is around the place is looked at, too.
struct SyntaxFault {
    let failure: ParserFailure
    let bytes: [UInt8]
    /// The last node before the failure.
    let last: NodeTable.Row?
    /// The list or mapping in brackets or braces that is open.
    let opened: NodeTable.Row?
    /// Where libyaml gave up.
    let place: Place
    /// Where that began which libyaml was reading.
    let context: Place

    /// - Parameters:
    ///   - bytes: The file that was parsed.
    ///   - last: The last node that came before the failure.
    ///   - opened: The list or mapping in brackets or braces that is open.
    init(
        _ failure: ParserFailure,
        in bytes: [UInt8],
        behind last: NodeTable.Row? = nil,
        inside opened: NodeTable.Row? = nil
    ) {
        self.failure = failure
        self.bytes = bytes
        self.last = last
        self.opened = opened
        place = Place(mark: failure.mark, in: bytes)
        context = Place(mark: failure.contextMark, in: bytes)
    }

    var error: YAMLError {
        if failure.isOutOfMemory {
            return YAMLError(.outOfMemory, "not enough memory", at: SourceRange(.start, .start))
        }
        if let marker = conflictMarker {
            return fault("a merge conflict is not resolved", at: marker, help: "keep one side, and no markers")
        }
        if let markup {
            return fault(
                "this is HTML or XML, not YAML",
                at: markup,
                help: "give the file of a profile; this may be the page of a download that failed"
            )
        }
        if let spaceInText { return spaceInText }
        switch failure.problem {
        case "could not find expected ':'": return missingColon(at: context)
        case "mapping values are not allowed in this context": return strayColon
        case "did not find expected key": return unexpectedText
        case "did not find expected ',' or ']'", "did not find expected ',' or '}'": return bracketFault
        case "did not find expected node content" where isAtEnd && opened != nil: return unclosedBracket
        default: return listedFault
        }
    }

    func fault(_ message: String, at range: SourceRange, help: String) -> YAMLError {
        YAMLError(.syntax, message, at: range, help: help)
    }

    /// The first line that git has left for a person to decide on.
    private var conflictMarker: SourceRange? {
        let markers = ["<<<<<<< ", ">>>>>>> ", "||||||| "].map { Array($0.utf8) }
        let offset = bytes.indices.first { index in
            "<>|".utf8.contains(bytes[index]) && (index == 0 || TextLine.isLineBreak(bytes[index - 1]))
                && markers.contains { bytes[index...].starts(with: $0) }
        }
        return offset.map { Place(offset: $0, in: bytes).restOfLine }
    }

    /// The first line of a text that begins with a tag.
    private var markup: SourceRange? {
        let text = bytes[SourceScan.startOfText(bytes)...]
            .drop { TextLine.isBlank($0) || TextLine.isLineBreak($0) }
        guard text.first == UInt8(ascii: "<"), let next = text.dropFirst().first,
            "!?/".utf8.contains(next) || Unicode.Scalar(next).properties.isAlphabetic
        else { return nil }
        return Place(offset: text.startIndex, in: bytes).restOfLine
    }

    /// A line that seems to be indented, or empty, but begins with a space that is text.
    private var spaceInText: YAMLError? {
        let line = TextLine(at: place.start.offset, in: bytes)
        let above = line.above
        // It may begin so, behind its indentation, where it goes on with the text above it.
        let goesOn = line.indentation > 0 && above?.hasValue == true
        var lines = [TextLine(at: context.start.offset, in: bytes), line]
        if let above, above.indentation == 0 { lines.insert(above, at: 0) }
        for ink in lines.compactMap(\.ink) where !(goesOn && ink == line.ink) {
            let place = Place(offset: ink, in: bytes)
            guard let space = place.scalar, space.isSpaceInText, !isQuoted(ink) else { continue }
            return fault(
                "this line begins with \(space.numberAndName), which YAML takes for text",
                at: place.character,
                help: "write common spaces in its place"
            )
        }
        return nil
    }

    /// Whether an offset lies in the quoted text that was read last.
    private func isQuoted(_ offset: Int) -> Bool {
        last.map { $0.kind.isQuoted && $0.range.bytes.contains(offset) } ?? false
    }

    // MARK: Quotes

    /// The quote of a text that goes on over lines that look like entries, so that it has probably not been closed.
    var unclosedQuote: YAMLError? {
        guard let last, last.kind.isQuoted, last.range.start.line < last.range.end.line else { return nil }
        // A few lines tell enough.
        let lines = bytes[last.range.bytes].split(maxSplits: 64) { TextLine.isLineBreak($0) }.dropFirst()
        let hasKey = lines.contains { TextLine(at: $0.startIndex, in: bytes).colon.map { $0 > 0 } ?? false }
        return hasKey ? unclosedQuote(at: Place(offset: last.range.start.offset, in: bytes)) : nil
    }

    func unclosedQuote(at place: Place) -> YAMLError {
        fault("this quote is not closed", at: place.character, help: "close it with another \(quote(of: place))")
    }

    private func quote(of place: Place) -> String { place.scalar.map { String($0) } ?? "quote" }

    /// Text right behind quoted text.
    var textBehindQuote: YAMLError? {
        guard let last, last.kind.isQuoted, last.range.end.line == place.start.line else { return nil }
        let isDouble = last.kind == .scalar(.doubleQuoted)
        return fault(
            "text stands behind the closing quote",
            at: place.restOfLine,
            help: "put the quotes around the whole text; inside them, write "
                + (isDouble ? #"'\"' for a quote"# : "'' for an apostrophe")
        )
    }

    // MARK: Text that fits nowhere

    private var unexpectedText: YAMLError {
        if let unclosedQuote { return unclosedQuote }
        let isFirst = TextLine(at: place.start.offset, in: bytes).ink == place.start.offset
        if bytes[place.start.offset...].startsForeignComment { return foreignComment(at: place) }
        switch place.scalar {
        case _ where standsBehindBracketedText:
            return fault(
                "text is not expected behind the closing bracket",
                at: place.restOfLine,
                help: "put the whole text in quotes, from the opening bracket on, or remove this"
            )
        case ",":
            return fault(
                "a ',' cannot stand here",
                at: place.character,
                help: "remove it; each key has a line of its own"
            )
        case "}", "]": return closesNothing(place)
        case "-" where isFirst:
            return fault("a list cannot stand among keys", at: place.character, help: "remove the '-'")
        case ":" where isFirst:
            return fault("nothing stands before this ':'", at: place.character, help: "write a key before it")
        default: break
        }
        if let textBehindQuote { return textBehindQuote }
        guard isFirst else {
            return fault(
                "text is not expected here",
                at: place.restOfLine,
                help: "check the quotes before it; each key has a line of its own"
            )
        }
        if let lineBelowWholeValue { return lineBelowWholeValue }
        return fault(
            "the indentation of this line fits none of the lines above it",
            at: place.restOfLine,
            help: "give the keys of a mapping, and the lines of a text, the same indentation"
        )
    }

    /// A line that is indented below a value which has ended already: with a bracket, or before a comment.
    private var lineBelowWholeValue: YAMLError? {
        let line = TextLine(at: place.start.offset, in: bytes)
        guard let last, let above = line.above, above.indentation < line.indentation else { return nil }
        if last.isFlow, last.range.bytes.count < 20 {
            let brackets = String(decoding: bytes[last.range.bytes], as: UTF8.self)
            return lineBelow(last.range, "'\(brackets)', which is a whole value", help: "remove the '\(brackets)'")
        }
        let next = bytes[last.range.end.offset...].firstIndex { !TextLine.isBlank($0) } ?? bytes.count
        switch Place(offset: next, in: bytes).scalar {
        case "}"?, "]"?:
            let bracket = Place(offset: next, in: bytes)
            return lineBelow(bracket.character, "a value that has ended", help: "put it before the bracket")
        case "#"? where last.kind == .scalar(.plain) && line.colon == nil:
            let comment = Place(offset: next, in: bytes).restOfLine
            return lineBelow(
                comment,
                "a comment that ends the text",
                help: "put the text in quotes, or its comment last"
            )
        default: return nil
        }
    }

    private func lineBelow(_ value: SourceRange, _ name: String, help: String) -> YAMLError {
        let related = [YAMLError.Related(message: "here", range: value)]
        return YAMLError(.syntax, "a line stands below \(name)", at: place.restOfLine, related: related, help: help)
    }

    /// Whether there is more text behind a value that is in brackets only because its text begins with one.
    private var standsBehindBracketedText: Bool {
        let line = TextLine(at: place.start.offset, in: bytes)
        let rest = bytes[place.restOfLine.bytes].drop { TextLine.isBlank($0) || $0 == UInt8(ascii: ",") }
        guard let colon = line.colon, colon < place.start.offset,
            rest.contains(where: { $0 >= 0x80 || Unicode.Scalar($0).properties.isAlphabetic }),
            !rest.contains(UInt8(ascii: ":"))
        else { return false }
        let value = bytes[(colon + 1)..<place.start.offset].split(whereSeparator: TextLine.isBlank)
        return "[{".utf8.contains(value.first?.first ?? 0) && "]}".utf8.contains(value.last?.last ?? 0)
    }

    func closesNothing(_ place: Place) -> YAMLError {
        Self.closesNothing(place.scalar ?? "}", at: place.character)
    }

    static func closesNothing(_ bracket: Unicode.Scalar, at range: SourceRange) -> YAMLError {
        YAMLError(
            .syntax,
            "this '\(bracket)' closes nothing",
            at: range,
            help: "remove it, or put the text that it belongs to in quotes"
        )
    }
}

extension NodeTable.Row {
    /// Whether it is a list or a mapping in brackets or braces.
    fileprivate var isFlow: Bool { kind == .mapping(isFlow: true) || kind == .sequence(isFlow: true) }
}

extension NodeTable.Kind {
    var isQuoted: Bool { self == .scalar(.singleQuoted) || self == .scalar(.doubleQuoted) }
}
