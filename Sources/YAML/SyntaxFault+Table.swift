/// What libyaml 0.2.5 can say beside what needs a closer look, in words for people.
extension SyntaxFault {
    /// Where a person has to look.
    private enum Spot {
        case problem, context
        /// From the context to the next blank.
        case contextWord
        /// The backslash with its letter.
        case escape
    }

    private struct Row {
        var problem: String
        /// What libyaml is doing meanwhile, or a part of that.
        var during = ""
        var code = YAMLError.Code.syntax
        /// `{}` stands for the character there.
        var message: String
        /// What to do; empty where the code's own help says enough.
        var help = ""
        var spot = Spot.problem
    }

    /// The fault by the table.
    var listedFault: YAMLError {
        let row = Self.rows.first { row in
            failure.problem == row.problem && failure.context.contains(row.during)
        }
        guard let row else {
            return YAMLError(.syntax, "the text cannot be read on from here", at: place.character)
        }
        switch (row.problem, place.scalar) {
        case ("found character that cannot start any token", "\t"): return tab
        case ("found character that cannot start any token", nil): return loneTab
        case ("found character that cannot start any token", "`") where isFence: return fence
        case ("block sequence entries are not allowed in this context", _) where isNumberBehindMinus:
            return fault("a space stands behind the minus", at: place.character, help: "remove the space")
        case ("found character that cannot start any token", "%")
        where bytes[..<place.start.offset].last == UInt8(ascii: "{"):
            return .placeholder(.syntax, at: place.character)
        case ("found unexpected ':'", _) where isBeforeText:
            return fault("a space is missing behind this ':'", at: place.character, help: "write 'key: value'")
        case ("did not find expected node content", "]"), ("did not find expected node content", "}"):
            return closesNothing(place)
        default: break
        }
        let (spot, scalar) = spot(row.spot)
        return YAMLError(
            row.code,
            row.message.replacing("{}", with: scalar.map { String($0) } ?? "nothing"),
            at: spot,
            help: row.help.isEmpty ? nil : row.help.replacing("{}", with: scalar.map { String($0) } ?? "quote")
        )
    }

    private func spot(_ spot: Spot) -> (SourceRange, Unicode.Scalar?) {
        switch spot {
        case .problem: (place.character, place.scalar)
        case .context: (context.character, context.scalar)
        case .contextWord: (context.word(in: bytes), context.scalar)
        case .escape: (escape, nil)
        }
    }

    /// The backslash with its letter. libyaml marks one of both, or what follows them.
    private var escape: SourceRange {
        let mark = failure.mark
        let start = (max(0, mark - 2)...mark).reversed().first { Place(mark: $0, in: bytes).scalar == "\\" } ?? mark
        return SourceRange(
            Place(mark: start, in: bytes).start,
            Place(mark: start + 1, in: bytes).character.end
        )
    }

    private var tab: YAMLError { fault("a tab cannot indent", at: place.character, help: "use spaces") }

    /// A tab where the line has nothing else.
    private var loneTab: YAMLError {
        fault("a tab cannot stand alone on a line", at: place.character, help: "remove it, or use spaces")
    }

    /// Whether a value stands right behind the character.
    private var isBeforeText: Bool {
        let next = bytes[place.start.offset...].dropFirst().first
        return next.map { !TextLine.isBlank($0) && !TextLine.isLineBreak($0) && !",}]".utf8.contains($0) } ?? false
    }

    /// Whether a code block of Markdown begins or ends there.
    private var isFence: Bool { bytes[place.start.offset...].starts(with: "```".utf8) }

    private var fence: YAMLError {
        fault(
            "this line is Markdown around a profile",
            at: place.restOfLine,
            help: "remove the lines with '```'"
        )
    }

    /// Whether what looks like a list is a number whose minus stands apart.
    private var isNumberBehindMinus: Bool {
        let line = bytes[(place.start.offset + 1)...].prefix { !TextLine.isLineBreak($0) }
        let value = line.split(separator: UInt8(ascii: "#"), maxSplits: 1, omittingEmptySubsequences: false)[0]
        let words = value.split(whereSeparator: TextLine.isBlank)
        return words.count == 1 && words[0].looksLikeNumber
    }

    private static let rows: [Row] = {
        let quotes = "put the text in quotes"
        return [
            // What starts in a way that YAML has another use for.
            Row(
                problem: "found character that cannot start any token",
                message: "text cannot start with '{}'",
                help: quotes
            ),
            Row(
                problem: "block sequence entries are not allowed in this context",
                message: "text cannot start with '-' and a space",
                help: quotes + "; a profile has no lists"
            ),
            Row(
                problem: "mapping keys are not allowed in this context",
                message: "text cannot start with '?' and a space",
                help: quotes
            ),
            Row(
                problem: "did not find expected node content",
                message: "text cannot start with '{}'",
                help: quotes + ", or remove the '{}'"
            ),
            Row(
                problem: "found unexpected ':'",
                message: "nothing stands behind this ':'",
                help: "write a value behind it, after a space"
            ),
            Row(
                problem: "did not find expected '-' indicator",
                message: "this is no item of the list above it",
                help: "write 'key: value' lines; a profile has no lists"
            ),
            // Quotes and blocks.
            Row(
                problem: "found unexpected end of stream",
                message: "this quote is not closed",
                help: "close it with another {}",
                spot: .context
            ),
            Row(
                problem: "found unexpected document indicator",
                message: "this quote is not closed",
                help: "close it with another {}",
                spot: .context
            ),
            Row(
                problem: "found unknown escape character",
                code: .escape,
                message: "unknown escape in double quotes",
                help: #"write '\\' for a backslash, or use single quotes"#,
                spot: .escape
            ),
            Row(
                problem: "did not find expected hexdecimal number",
                code: .escape,
                message: "this escape needs hexadecimal digits",
                help: #"write '\\' for a backslash, or use single quotes"#,
                spot: .escape
            ),
            Row(
                problem: "found invalid Unicode character escape code",
                code: .escape,
                message: "this escape stands for no character; half of a surrogate pair?",
                spot: .escape
            ),
            Row(
                problem: "did not find expected comment or line break",
                during: "block scalar",
                message: "text cannot follow on the line of '|' or '>'",
                help: "begin the text on the next line, or put it in quotes"
            ),
            Row(
                problem: "found an indentation indicator equal to 0",
                message: "the number behind '|' or '>' cannot be 0",
                help: "remove it; it counts the spaces before the text"
            ),
            Row(
                problem: "found a tab character where an indentation space is expected",
                message: "a tab cannot indent",
                help: "use spaces"
            ),
            Row(
                problem: "found a tab character that violates indentation",
                message: "a tab cannot indent",
                help: "use spaces"
            ),
        ] + rowsOfProperties + rowsOfDirectives
    }()

    /// Anchors, aliases and tags, refused for what they are also where they are written badly.
    private static let rowsOfProperties: [Row] =
        [
            Row(
                problem: "did not find expected alphabetic or numeric character",
                during: "an alias",
                code: .alias,
                message: "aliases are not accepted",
                spot: .contextWord
            ),
            Row(
                problem: "did not find expected alphabetic or numeric character",
                code: .anchor,
                message: "anchors are not accepted",
                spot: .contextWord
            ),
        ]
        + [
            "did not find expected tag URI", "did not find the expected '>'", "did not find expected '!'",
            "did not find expected whitespace or line break", "did not find URI escaped octet",
            "found an incorrect leading UTF-8 octet", "found an incorrect trailing UTF-8 octet",
        ].map { Row(problem: $0, during: "a tag", code: .tag, message: "tags are not accepted", spot: .contextWord) }
        + [
            Row(problem: "found undefined tag handle", code: .tag, message: "tags are not accepted", spot: .contextWord)
        ]

    /// Nearly all of them are found before libyaml sees the text; see ``SourceScan``.
    private static let rowsOfDirectives: [Row] =
        [
            Row(
                problem: "did not find expected <document start>",
                message: "a line '---' is missing before this",
                help: "write it, or remove the line that begins with '%YAML'"
            )
        ]
        + [
            "could not find expected directive name", "found unexpected non-alphabetical character",
            "found unknown directive name", "did not find expected comment or line break",
            "did not find expected digit or '.' character", "found extremely long version number",
            "did not find expected version number", "did not find expected whitespace",
            "did not find expected whitespace or line break", "found duplicate %YAML directive",
            "found incompatible YAML document", "found duplicate %TAG directive",
        ].map { Row(problem: $0, code: .directive, message: "this directive is not accepted") }
}
