import Profiles
import Testing

/// Advice that mends: what the first finding about a mistake of the corpus says, and the text when that has been done.
@Suite struct AdviceTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let file: String
        let message: String
        let help: String
        /// What is replaced where the advice is followed.
        let mending: [(String, String)]

        init(_ file: String, _ message: String, _ help: String, _ mending: (String, String)...) {
            self.file = file
            self.message = message
            self.help = help
            self.mending = mending
        }

        var testDescription: String { file }
    }

    private static let tab = "a tab cannot stand alone on a line"
    private static let removeTab = "remove it, or use spaces"
    private static let bracketed = "text is not expected behind the closing bracket"
    private static let quoteAll = "put the whole text in quotes, from the opening bracket on, or remove this"
    private static let missingColon = "missing ':' after this key"
    private static let strayColon = "this ':' cannot stand here"
    private static let keyOrText = "write the line as 'key: value', or indent it if it belongs to the text above"
    private static let oneALine = "write one entry a line"
    private static let unwrap = "remove the line 'profile:', and the indentation of what is below it"

    private static let space = "U+3000 (ideographic space)"
    private static let spaceFirst = "this line begins with \(space), which YAML takes for text"

    static let mistakes = [
        Mistake(
            "ideographic-space-indentation.yaml",
            spaceFirst,
            "write common spaces in its place",
            ("\u{3000}", " ")
        ),
        Mistake("ideographic-space-alone.yaml", spaceFirst, "write common spaces in its place", ("\u{3000}", " ")),
        Mistake(
            "ideographic-space-first-feature.yaml",
            "'steering' must be a mapping of feature indices to strengths",
            "write common spaces in place of \(space)",
            ("\u{3000}", " ")
        ),
        Mistake(
            "ideographic-space-before-key.yaml",
            "unknown key '\u{3000}name'",
            "remove \(space)",
            ("\u{3000}", "")
        ),
        Mistake(
            "ideographic-space-behind-colon.yaml",
            "the space behind this ':' is \(space), which YAML takes for text",
            "write a common space",
            ("\u{3000}", " ")
        ),
        Mistake("ideographic-space-strength.yaml", "'45\u{3000}' is no number", "write 45", ("\u{3000}", "")),
        Mistake(
            "key-behind-document-mark.yaml",
            "a key cannot stand on the line of '---'",
            "begin the mapping on the next line",
            ("--- ", "---\n")
        ),
        Mistake("tab-alone.yaml", tab, removeTab, ("\t", "")),
        Mistake("tab-alone-first.yaml", tab, removeTab, ("\t", "")),
        Mistake("tab-alone-json.json", tab, removeTab, ("\t", "")),
        Mistake(
            "strength-thousands.yaml",
            "'1,000' is no number",
            "write 1000, or 1.000 if the ',' is a decimal point",
            ("1,000", "1000")
        ),
        Mistake("strength-thousands-space.yaml", "'1 000' is no number", "write 1000", ("1 000", "1000")),
        Mistake("layer-thousands.yaml", "'1,000' is no layer", "write 1000", ("1,000", "1000")),
        Mistake(
            "strength-zero-comma.yaml",
            "'0,500' is no number",
            "write the decimal point as '.'",
            ("0,500", "0.500")
        ),
        Mistake(
            "name-number-sign.yaml",
            "the name is missing; '#' begins a comment",
            "put the name in quotes if the '#' belongs to it",
            ("#1 Calm", "'#1 Calm'")
        ),
        Mistake("index-thousands.yaml", "'1,000' is no feature index", "write 1000", ("1,000", "1000")),
        Mistake("index-path.yaml", "'15-res/316' is no feature index", "write 316", ("15-res/316", "316")),
        Mistake(
            "index-above-features.yaml",
            "'features' is no feature index",
            "remove this line; features stand right below 'steering:'",
            ("  features:\n", "")
        ),
        Mistake("strength-thousands-points.yaml", "'1.000,5' is no number", "write 1000.5", ("1.000,5", "1000.5")),
        Mistake("strength-percent.yaml", "'5%' is no number", "write 5; a strength is no percentage", ("%", "")),
        Mistake("strength-fraction.yaml", "'1/2' is no number", "write 0.5", ("1/2", "0.5")),
        Mistake("strength-full-width.yaml", "'５' is no number", "write 5, with the digits 0 to 9", ("５", "5")),
        Mistake("strength-minus-sign.yaml", "'−5' is no number", "write the minus as '-'", ("−", "-")),
        Mistake(
            "strength-comma-quoted.yaml",
            "'1,5' is no number",
            "write the decimal point as '.', and remove the quotes",
            ("'1,5'", "1.5")
        ),
        Mistake(
            "steering-arrow.yaml",
            "'steering' must be a mapping of feature indices to strengths",
            "write ':' and a space in place of '->': '316: 45.0'",
            (" ->", ":")
        ),
        Mistake(
            "below-id.yaml",
            "unknown key 'night'",
            "remove this line, and the indentation of what is below it",
            ("night:\n", ""),
            ("  ", "")
        ),
        Mistake(
            "flow-no-space-before-brace.yaml",
            "a space is missing behind this ':'",
            "write 'key: value'",
            ("steering:", "steering: ")
        ),
        Mistake(
            "features-below-braces.yaml",
            "a line stands below '{}', which is a whole value",
            "remove the '{}'",
            (" {}", "")
        ),
        Mistake(
            "features-below-full-braces.yaml",
            "a line stands below a value that has ended",
            "put it before the bracket",
            ("}  # five\n\n  316: 45.0", ", 316: 45.0}")
        ),
        Mistake(
            "description-comment-inside.yaml",
            "a line stands below a comment that ends the text",
            "put the text in quotes, or its comment last",
            ("a # b\n  c", "'a # b\n  c'")
        ),
        Mistake("index-missing.yaml", "nothing stands before this ':'", "write a key before it", (" : ", " 316: ")),
        Mistake("name-bracketed-word.yaml", bracketed, quoteAll, ("[WIP] Calm", "'[WIP] Calm'")),
        Mistake("name-braced-word.yaml", bracketed, quoteAll, ("{WIP} Calm", "'{WIP} Calm'")),
        Mistake("description-bracketed-word.yaml", bracketed, quoteAll, ("[a], b", "'[a], b'")),
        Mistake("description-not-indented.yaml", missingColon, keyOrText, ("text", "  text")),
        Mistake("name-not-indented.yaml", missingColon, keyOrText, ("Calm", "  Calm")),
        Mistake(
            "block-not-indented.yaml",
            "this text is not indented",
            "indent the lines of the text",
            ("text", "  text")
        ),
        Mistake(
            "folded-block-not-indented.yaml",
            "this text is not indented",
            "indent the lines of the text",
            ("text", "  text"),
            ("more", "  more")
        ),
        Mistake("features-on-a-line-comma.yaml", strayColon, oneALine, (", ", "\n  ")),
        Mistake("features-on-a-line.yaml", strayColon, oneALine, ("45 ", "45\n  ")),
        Mistake("keys-on-a-line.yaml", strayColon, oneALine + ", or put the text in quotes", (", ", "\n")),
        Mistake(
            "steering-on-a-line.yaml",
            strayColon,
            "write one entry a line, indented, below the key",
            ("steering: ", "steering:\n  ")
        ),
        Mistake("strength-minus-apart.yaml", "a space stands behind the minus", "remove the space", ("- ", "-")),
        Mistake(
            "strength-comment-adjacent.yaml",
            "'45# pirate' is no number",
            "put a space before the '#'",
            ("#", " #")
        ),
        Mistake("layer-comment-adjacent.yaml", "'15# x' is no layer", "put a space before the '#'", ("#", " #")),
        Mistake(
            "version-comment-adjacent.yaml",
            "the version '1# x' is not supported",
            "put a space before the '#'",
            ("#", " #")
        ),
        Mistake("json-block-comment.json", "this is no comment", "start comments with '#'", ("/* c */", "# c")),
        Mistake("json-comment-behind-value.json", "this is no comment", "start comments with '#'", ("/* c */", "# c")),
        Mistake(
            "brace-not-indented.yaml",
            "this '{' is not indented",
            "indent it further than the key above it",
            ("{", "  {")
        ),
        Mistake(
            "markdown-fence.yaml",
            "this line is Markdown around a profile",
            "remove the lines with '```'",
            ("```yaml\n", ""),
            ("```\n", "")
        ),
        Mistake(
            "wrapped.yaml",
            "the key 'version' is missing",
            unwrap,
            ("profile:\n", ""),
            ("\n  ", "\n"),
            ("  v", "v")
        ),
        Mistake("wrapped-below-version.yaml", "the key 'type' is missing", unwrap, ("profile:\n", ""), ("\n  ", "\n")),
        Mistake(
            "ini-section.yaml",
            "text stands behind the end of the list above it",
            "remove the line with '[' and ']', and write 'key: value' lines",
            ("[profile]\n", ""),
            (" =", ":")
        ),
    ]

    @Test(arguments: mistakes)
    func `to do what a finding says makes a good profile of the file`(mistake: Mistake) throws {
        let file = try #require(Corpus.bad.first { $0.name == mistake.file })
        let text = String(decoding: try file.bytes, as: UTF8.self)
        let finding = try #require(ProfileDecoder.decode(Array(text.utf8), file: file.name).diagnostics.first)
        #expect(finding.message == mistake.message)
        #expect(finding.help == mistake.help)
        let mended = mistake.mending.reduce(text) { $0.replacing($1.0, with: $1.1) }
        #expect(ProfileDecoder.decode(Array(mended.utf8), file: file.name).diagnostics == [])
    }

    @Test func `advice about one kind of mistake is not given about another`() throws {
        func help(_ line: String) throws -> String? {
            let text = "version: 1\nname: x\n\(line)\nsteering: {}\n"
            return try #require(ProfileDecoder.decode(Array(text.utf8), file: "p.yaml").diagnostics.first).help
        }
        #expect(try help("layer: 3\nfoo") == "write the line as 'key: value'")
        #expect(
            try help("description: Warning: gloomy")
                == "put the text in quotes, or begin a mapping on the line below its key"
        )
        #expect(try help("description: 3 reasons: a") == "write one entry a line, or put the text in quotes")
        #expect(try help("sae: {a: 1},") == "remove it; each key has a line of its own")
        #expect(try help("layer: - x") == "put the text in quotes; a profile has no lists")
        #expect(try help("layer: 1,00")?.contains("write 100") == false)
        #expect(try help("description: x\n  --- y: z")?.hasPrefix("give both the same indentation") == true)
    }
}
