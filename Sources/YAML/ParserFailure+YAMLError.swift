extension ParserFailure {
    /// The failure in words for people, at the place where they have to look.
    ///
    /// libyaml reports a missing colon on the next line and an open quote at the end of the file; then the
    /// context's mark, where the thing began, is the better place.
    ///
    /// - Parameter bytes: The file that was parsed.
    func yamlError(in bytes: [UInt8]) -> YAMLError {
        if isOutOfMemory { return YAMLError(.outOfMemory, "not enough memory", at: SourceRange(.start, .start)) }
        if let marker = conflictMarker(in: bytes) {
            return YAMLError(.syntax, "a merge conflict is not resolved; keep one side, and no markers", at: marker)
        }
        let contextPlace = PlaceFinder(bytes).place(contextMark)
        let problemPlace = PlaceFinder(bytes).place(mark)
        if let colon = colonWithoutSpace(
            in: bytes,
            from: contextPlace.character.start,
            to: problemPlace.character.start
        ) {
            let isNoBreakSpace = bytes[(colon.end.offset)...].starts(with: "\u{A0}".utf8)
            let message =
                isNoBreakSpace
                ? "the space behind this ':' is a no-break space (U+00A0), which YAML takes for text"
                : "a space is missing behind this ':'"
            return YAMLError(.syntax, message, at: colon)
        }
        switch (problem, context) {
        case ("could not find expected ':'", _):
            return YAMLError(.syntax, "missing ':' after this key", at: contextPlace.restOfLine)
        case ("found unexpected end of stream", "while scanning a quoted scalar"),
            ("found unexpected document indicator", _):
            return YAMLError(.syntax, "this quote is not closed", at: contextPlace.character)
        case ("did not find expected ',' or ']'", _), ("did not find expected ',' or '}'", _):
            return unclosedBracket(opened: contextPlace, at: problemPlace)
        case ("mapping values are not allowed in this context", _):
            return YAMLError(
                .syntax,
                "this ':' cannot stand here; quote the text, or check the indentation",
                at: problemPlace.character
            )
        case ("found character that cannot start any token", _):
            return YAMLError(.syntax, Self.tokenMessage(problemPlace.text), at: problemPlace.character)
        case ("found unknown escape character", _), ("did not find expected hexdecimal number", _):
            return YAMLError(.escape, "unknown escape in double quotes", at: escape(in: bytes))
        case ("found invalid Unicode character escape code", _):
            return YAMLError(
                .escape,
                "this escape stands for no character; half of a surrogate pair?",
                at: escape(in: bytes)
            )
        case ("did not find expected key", _), ("did not find expected '-' indicator", _):
            return YAMLError(
                .syntax,
                "unexpected text; check the indentation and the quotes",
                at: problemPlace.restOfLine
            )
        default:
            let message = context.isEmpty ? problem : "\(problem) \(context)"
            return YAMLError(.syntax, message, at: problemPlace.character)
        }
    }

    /// The first line that git has left for a person to decide on.
    private func conflictMarker(in bytes: [UInt8]) -> SourceRange? {
        let markers = ["<<<<<<< ", ">>>>>>> "].map { Array($0.utf8) }
        let offset = bytes.indices.first { index in
            (bytes[index] == markers[0][0] || bytes[index] == markers[1][0])
                && (index == 0 || bytes[index - 1] == 0x0A || bytes[index - 1] == 0x0D)
                && markers.contains { bytes[index...].starts(with: $0) }
        }
        guard let offset else { return nil }
        var cursor = PositionCursor(bytes)
        let start = cursor.advance(toOffset: offset)
        return SourceRange(start, cursor.advanceToEndOfLine())
    }

    /// The ':' of a key such as `layer:15`, which is none without a space, and makes what follows it an error.
    ///
    /// - Parameters:
    ///   - context: Where the text began that a ':' should have ended.
    ///   - problem: Where a ':' stands that should have been the first.
    private func colonWithoutSpace(
        in bytes: [UInt8],
        from context: SourcePosition,
        to problem: SourcePosition
    ) -> SourceRange? {
        let start: Int
        switch self.problem {
        case "could not find expected ':'": start = context.offset
        case "mapping values are not allowed in this context":
            // The text began on the line before, where there is one.
            let lines = bytes[..<problem.offset].split { "\r\n".utf8.contains($0) }
            guard lines.count > 1, let line = lines.dropLast().last, lines.last?.contains(UInt8(ascii: ":")) == false
            else { return nil }
            start = line.first { !" \t".utf8.contains($0) }.flatMap(line.firstIndex) ?? line.startIndex
        default: return nil
        }
        let word = bytes[start...].prefix { !" \t\r\n#\"'".utf8.contains($0) }
        guard let colon = word.firstIndex(of: UInt8(ascii: ":")), colon + 1 < word.endIndex, colon > start else {
            return nil
        }
        var cursor = PositionCursor(bytes)
        let position = cursor.advance(toOffset: colon)
        cursor.step()
        return SourceRange(position, cursor.position)
    }

    /// The backslash with its letter. libyaml marks one of both, or what follows them.
    private func escape(in bytes: [UInt8]) -> SourceRange {
        let finder = PlaceFinder(bytes)
        let start = (max(0, mark - 2)...mark).reversed().first { finder.place($0).text == "\\" } ?? mark
        return SourceRange(finder.place(start).character.start, finder.place(start + 1).character.end)
    }

    private func unclosedBracket(opened: Place, at place: Place) -> YAMLError {
        let closing = problem.hasSuffix("']'") ? "]" : "}"
        return YAMLError(
            .syntax,
            "expected ',' or '\(closing)'",
            at: place.character,
            related: [YAMLError.Related(message: "opened here", range: opened.character)]
        )
    }

    private static func tokenMessage(_ character: Unicode.Scalar?) -> String {
        switch character {
        case "\t": "a tab cannot indent; use spaces"
        case let character?: "text cannot start with '\(character)'; quote it"
        case nil: "text is missing here"
        }
    }
}

/// A place that libyaml marks, with what is around it.
private struct Place {
    /// The one character there; empty at the end of the file, and where the line has nothing more.
    var character: SourceRange
    var text: Unicode.Scalar?
    private let cursor: PositionCursor

    init(at cursor: PositionCursor, in bytes: [UInt8]) {
        self.cursor = cursor
        let start = cursor.position
        let rest = bytes[start.offset...]
        guard let ink = rest.first(where: { !" \t".utf8.contains($0) }), !"\r\n".utf8.contains(ink) else {
            character = SourceRange(start, start)
            return
        }
        var next = cursor
        next.step()
        character = SourceRange(start, next.position)
        text = String(decoding: rest[..<next.position.offset], as: UTF8.self).unicodeScalars.first
    }

    /// From there to the line's last character.
    var restOfLine: SourceRange {
        var end = cursor
        return SourceRange(cursor.position, end.advanceToEndOfLine())
    }
}

private struct PlaceFinder {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// - Parameter mark: Scalars before the place, a byte order mark not counted.
    func place(_ mark: Int) -> Place {
        var cursor = PositionCursor(bytes)
        _ = cursor.advance(toScalar: mark)
        return Place(at: cursor, in: bytes)
    }
}
