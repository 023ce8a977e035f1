import YAML

/// Reads one file's values by the schema and collects what is wrong with them.
struct ProfileReader: ~Copyable {
    /// What is wrong, unknown keys aside, at most ``Limits/findings``.
    private(set) var diagnostics: [Diagnostic] = []
    /// The unknown keys, at most as many again: they are not errors everywhere, and must hide none.
    private(set) var unknownKeys: [Diagnostic] = []
    /// How many findings there are beside those that are kept.
    var leftOut = 0
    /// Whether nothing but unknown keys is wrong; also told where there are too many findings to keep.
    var isSound = true
    /// What has been read; it is a profile if nothing is wrong.
    var profile: Profile? = Profile(name: "")
    var ranges = DecodedProfile.Ranges()

    let table: NodeTable
    private let file: String
    private let format: DecodedProfile.Format

    init(_ table: NodeTable, file: String, format: DecodedProfile.Format) {
        self.table = table
        self.file = file
        self.format = format
    }

    /// What has come of it all: what has been read is moved there.
    mutating func decoded(isValid: Bool, _ diagnostics: [Diagnostic]) -> DecodedProfile {
        if !isValid { profile = nil }
        return DecodedProfile(format: format, profile: profile.take(), ranges: ranges, diagnostics: diagnostics)
    }

    /// Reads the keys of the mapping at a place of the table.
    mutating func read(mappingAt mapping: Int, as schema: ProfileSchema) {
        let earlier = diagnostics.count
        var missing = schema.requiredFields
        for (key, value) in table.entries(ofMappingAt: mapping) {
            guard let field = schema.index(ofKeyAt: key, in: table) else {
                reportUnknown(key, value, schema: schema)
                continue
            }
            missing.remove(field)
            // YAML itself has refused aliases already.
            if case .alias = table.rows[value].kind { continue }
            read(value, of: key, as: schema.meanings[field])
        }
        guard !missing.isEmpty else { return }
        // These come first, because their place is the mapping's start.
        let later = diagnostics[earlier...]
        diagnostics.removeSubrange(earlier...)
        for field in schema.fields.indices where missing.contains(field) {
            reportMissing(schema.fields[field], ofMappingAt: mapping, schema)
        }
        diagnostics += later
        leftOut += max(0, diagnostics.count - Limits.findings)
        diagnostics = Array(diagnostics.prefix(Limits.findings))
    }

    private mutating func read(_ value: Int, of key: Int, as meaning: ProfileSchema.Field.Value) {
        switch meaning {
        case .version: readVersion(value)
        case .type: readType(value)
        case .name: readName(value, of: key)
        case .description:
            guard hasOptionalText(value, .invalidDescription, of: key) else { return }
            let text = checked(value, .invalidDescription, of: key, ProfileRules.brokenByDescription)
            profile?.description = text
        case .model:
            guard hasOptionalText(value, .invalidModel, of: key) else { return }
            ranges.model = table.rows[value].range
            let text = checked(value, .invalidModel, of: key, ProfileRules.brokenByReference)
            profile?.model = text
        case .sae:
            guard hasOptionalText(value, .invalidSAE, of: key) else { return }
            ranges.sae = table.rows[value].range
            let text = checked(value, .invalidSAE, of: key, ProfileRules.brokenByReference)
            profile?.sae = text
        case .layer: readLayer(value)
        case .steering: readSteering(value, of: key)
        case .profile:
            guard case .mapping = table.rows[value].kind else {
                report(.notAMapping, "'profile' must be a mapping", at: range(of: value, orKey: key))
                return
            }
            read(mappingAt: value, as: .millmProfile)
        case .ignored: break
        }
    }

    private mutating func reportMissing(_ field: ProfileSchema.Field, ofMappingAt mapping: Int, _ schema: ProfileSchema)
    {
        // The finding about a key that looks like it says enough.
        if format == .version1,
            table.firstKeys(ofMappingAt: mapping).contains(where: { schema.suggestion(for: $0) == field.key })
        {
            isSound = false
            return
        }
        if table.entries(ofMappingAt: mapping).contains(where: {
            schema.index(ofKeyAt: $0.key, in: table) == nil && holdsProfile($0.value)
        }) {
            isSound = false
            return
        }
        let help: String?
        switch field.value {
        case .version where format == .version1:
            help =
                isFlow
                ? "write '\"version\": 1,' behind the '{'" : "write 'version: 1' on a line of its own, above the others"
        case .steering:
            help =
                hasLooseFeatures
                ? "write 'steering:' above the features, and indent them"
                : "add 'steering: {}' for a profile that steers nothing"
        default: help = mapping == 0 && isWrapped ? Self.unwrapping : nil
        }
        report(
            .missingKey,
            "the key '\(field.key)' is missing",
            at: table.rows[mapping].range.firstCharacter,
            help: help
        )
    }

    /// Whether features stand beside 'steering' instead of below it.
    var hasLooseFeatures: Bool {
        table.entries(ofMappingAt: 0).contains { key, _ in isIndex(key) }
    }

    func isIndex(_ key: Int) -> Bool {
        table.index(at: key) != nil
    }

    private mutating func reportUnknown(_ key: Int, _ value: Int, schema: ProfileSchema) {
        guard unknownKeys.count < Limits.findings, let scalar = table.scalar(at: key) else {
            leftOut += 1
            return
        }
        unknownKeys.append(
            Diagnostic(
                .unknownKey,
                "unknown key '\(scalar.text.shortened)'",
                at: SourceLocation(file: file, range: scalar.range),
                help: help(aboutUnknown: key, scalar.text, value, schema)
            )
        )
    }

    private func help(aboutUnknown key: Int, _ text: String, _ value: Int, _ schema: ProfileSchema) -> String? {
        if table.hasText("version", at: key), isWrapped { return Self.unwrapping }
        if isIndex(key) { return "indent this under 'steering:'" }
        if let help = Self.help(aboutSpacesIn: text, schema) { return help }
        if holdsProfile(value) { return "remove this line, and the indentation of what is below it" }
        if let near = schema.suggestion(for: text) {
            return "did you mean '\(near)'?" + Self.remark(aboutLettersOf: text)
        }
        return isFlow ? "remove it" : nil
    }

    /// Whether the whole is written in braces, as JSON is, where there are no lines and no comments to speak of.
    private var isFlow: Bool { table.rows[0].kind == .mapping(isFlow: true) }

    /// What to do about spaces that are text to YAML; nil if there are none.
    static func help(aboutSpacesIn text: String, _ schema: ProfileSchema? = nil) -> String? {
        let scalars = text.unicodeScalars
        guard let space = scalars.first(where: \.isSpaceInText) else { return nil }
        let word = String(String.UnicodeScalarView(scalars.filter { $0 != " " && !$0.isSpaceInText }))
        return schema?.field(word) == nil
            ? "write common spaces in place of \(space.numberAndName)" : "remove \(space.numberAndName)"
    }

    /// That a key has a letter of another script, which may look like the right one.
    private static func remark(aboutLettersOf key: String) -> String {
        guard let letter = key.unicodeScalars.first(where: { !$0.isASCII && $0.properties.isAlphabetic }) else {
            return ""
        }
        return " '\(letter)' is another letter here, \(letter.number)"
    }

    /// Whether a whole profile stands below a key.
    private func holdsProfile(_ value: Int) -> Bool {
        guard case .mapping = table.rows[value].kind else { return false }
        return table.value(of: "steering", inMappingAt: value) != nil
    }

    private static let unwrapping = "remove the line 'profile:', and the indentation of what is below it"

    /// Whether a profile of this program's own stands below a key 'profile', and this is not miLLM's export.
    private var isWrapped: Bool {
        guard format == .millmEnvelope, table.value(of: "type", inMappingAt: 0) == nil,
            let profile = table.value(of: "profile", inMappingAt: 0), case .mapping = table.rows[profile].kind
        else { return false }
        return [0, profile].contains { mapping in
            table.value(of: "version", inMappingAt: mapping).map { table.hasText("1", at: $0) } ?? false
        }
    }

    /// The value's place, or the key's if there is no value to show.
    func range(of value: Int, orKey key: Int) -> SourceRange {
        let range = table.rows[value].range
        return range.bytes.isEmpty ? table.rows[key].range : range.firstCharacter
    }

    /// Whether there are as many findings as are worth keeping.
    var isFull: Bool { diagnostics.count >= Limits.findings }

    mutating func report(_ code: DiagnosticCode, _ message: String, at range: SourceRange, help: String? = nil) {
        isSound = false
        guard !isFull else {
            leftOut += 1
            return
        }
        diagnostics.append(
            Diagnostic(code, message, at: SourceLocation(file: file, range: range), help: help)
        )
    }
}

// MARK: Text

extension ProfileReader {
    private mutating func readName(_ value: Int, of key: Int) {
        guard hasText(value, .invalidName, of: key) else { return }
        let range = table.rows[value].range
        guard !table.isNull(at: value) else {
            let isComment = startsComment(behind: range)
            report(
                .invalidName,
                isComment ? "the name is missing; '#' begins a comment" : "the name is missing",
                at: range,
                help: isComment ? "put the name in quotes if the '#' belongs to it" : nil
            )
            return
        }
        ranges.name = range
        let text = checked(value, .invalidName, of: key, ProfileRules.brokenByName)
        profile?.name = text ?? ""
    }

    /// Whether nothing but a comment stands on the line behind a value that is left out.
    private func startsComment(behind range: SourceRange) -> Bool {
        // The texts begin with the file itself.
        range.bytes.isEmpty
            && table.texts[range.end.offset...].first { $0 != UInt8(ascii: " ") } == UInt8(ascii: "#")
    }

    /// Whether a comment is the next thing behind a value that is left out.
    func isAboveComment(_ range: SourceRange) -> Bool {
        range.bytes.isEmpty
            && table.texts[range.end.offset...].first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "#")
    }

    /// Whether the value is text; if not, that is reported.
    private mutating func hasText(_ value: Int, _ code: DiagnosticCode, of key: Int) -> Bool {
        if table.isScalar(at: value) { return true }
        report(
            code,
            "'\(text(ofKey: key))' must be text, not a list or a mapping",
            at: table.rows[value].range.firstCharacter,
            help: isInBrackets(value)
                ? "put the text in quotes if the bracket belongs to it" : "write text, on the line of the key"
        )
        return false
    }

    private func isInBrackets(_ value: Int) -> Bool {
        switch table.rows[value].kind {
        case .sequence(let isFlow), .mapping(let isFlow): isFlow
        case .scalar, .alias: false
        }
    }

    /// Whether the value is text, and not YAML's way to say "nothing".
    private mutating func hasOptionalText(_ value: Int, _ code: DiagnosticCode, of key: Int) -> Bool {
        hasText(value, code, of: key) && !table.isNull(at: value)
    }

    private mutating func checked(
        _ value: Int,
        _ code: DiagnosticCode,
        of key: Int,
        _ rule: (String) -> String?
    ) -> String? {
        let text = table.text(at: value)
        guard let broken = rule(text) else { return text }
        report(code, "the \(self.text(ofKey: key)) is invalid: \(broken)", at: table.rows[value].range)
        return nil
    }

    private func text(ofKey key: Int) -> String { table.scalar(at: key)?.text ?? "" }
}

// MARK: Version and type

extension ProfileReader {
    private mutating func readVersion(_ value: Int) {
        // By bytes: to compare texts takes the square of the accents that a letter has.
        let isOne = table.isScalar(at: value) && table.hasText("1", at: value)
        if isOne, format == .version1, table.rows[value].kind == .scalar(.plain) { return }
        guard let scalar = table.scalar(at: value) else {
            report(.unsupportedVersion, "'version' must be a number", at: table.rows[value].range.firstCharacter)
            return
        }
        switch format {
        case .version1:
            report(
                .unsupportedVersion,
                isOne
                    ? "the version is text; it must be the number 1"
                    : scalar.isNull
                        ? "the version is missing" : "the version '\(scalar.text.shortened)' is not supported",
                at: scalar.range,
                help: isOne
                    ? "remove the quotes"
                    : NumberSlip(in: scalar.text, isWhole: true) == .comment
                        ? NumberSlip.comment.help : "write 'version: 1'"
            )
        case .millmFlat where scalar.style == .plain:
            report(
                .unsupportedVersion,
                "the version '\(scalar.text.shortened)' is not supported",
                at: scalar.range,
                help: "write 'version: 1'"
            )
        default:
            if table.hasText("1.0", at: value) { return }
            report(
                .unsupportedVersion,
                "the version '\(scalar.text.shortened)' of miLLM's exports is not supported",
                at: scalar.range,
                help: isWrapped ? Self.unwrapping : #"this program reads "1.0""#
            )
        }
    }

    private mutating func readType(_ value: Int) {
        if case .scalar = table.rows[value].kind, table.hasText("millm_profile", at: value) { return }
        report(.invalidExport, "the type is not 'millm_profile'", at: table.rows[value].range)
    }
}

// MARK: Numbers

extension ProfileReader {
    private mutating func readLayer(_ value: Int) {
        let row = table.rows[value]
        guard row.kind == .scalar(.plain),
            let number = DecimalNumber.natural(table.texts.span.extracting(row.contents))
        else {
            reportLayer(value)
            return
        }
        ranges.layer = row.range
        guard ProfileRules.brokenByLayer(number) == nil else {
            report(
                .invalidLayer,
                "layer \(number) is out of range",
                at: row.range,
                help: "layers are counted from 0 and end long before \(ProfileRules.greatestLayer)"
            )
            return
        }
        profile?.layer = number
    }

    private mutating func reportLayer(_ value: Int) {
        guard let scalar = table.scalar(at: value) else {
            report(.invalidLayer, "'layer' must be a number", at: table.rows[value].range.firstCharacter)
            return
        }
        guard !scalar.isNull else { return }
        ranges.layer = scalar.range
        guard scalar.style == .plain else {
            report(.invalidLayer, "the layer is text; it must be a number", at: scalar.range, help: "remove the quotes")
            return
        }
        let help = NumberSlip(in: scalar.text, isWhole: true)?.help
        report(.invalidLayer, "'\(scalar.text.shortened)' is no layer", at: scalar.range, help: help)
    }
}

extension SourceRange {
    /// The first character alone, to point at something that has many lines.
    var firstCharacter: SourceRange {
        guard start.line != end.line else { return self }
        let next = SourcePosition(offset: start.offset + 1, line: start.line, column: start.column + 1)
        return SourceRange(start, next)
    }
}
