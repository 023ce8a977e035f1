import YAML

/// Reads one file's values by the schema and collects what is wrong with them.
struct ProfileReader {
    /// What is wrong, unknown keys aside, at most ``Limits/findings``.
    private(set) var diagnostics: [Diagnostic] = []
    /// The unknown keys, at most as many again: they are not errors everywhere, and must hide none.
    private(set) var unknownKeys: [Diagnostic] = []
    /// Whether nothing but unknown keys is wrong; also told where there are too many findings to keep.
    private(set) var isSound = true
    private(set) var ranges = DecodedProfile.Ranges()

    private let file: String
    private let format: DecodedProfile.Format
    private var name: String?
    private var description: String?
    private var model: String?
    private var sae: String?
    private var layer: Int?
    private var steering: [Int: Double] = [:]

    init(file: String, format: DecodedProfile.Format) {
        self.file = file
        self.format = format
    }

    /// What has been read; nil without a name.
    var profile: Profile? {
        name.map {
            Profile(name: $0, description: description, model: model, sae: sae, layer: layer, steering: steering)
        }
    }

    /// Reads a mapping's keys.
    mutating func read(_ mapping: Node.Mapping, as schema: ProfileSchema) {
        // First, because their place is the mapping's start.
        for field in schema.fields where field.isRequired && mapping.entry(field.key) == nil {
            report(
                .missingKey,
                "the key '\(field.key)' is missing",
                at: mapping.range.firstCharacter,
                help: field.value == .steering ? "add 'steering: {}' for a profile that steers nothing" : nil
            )
        }
        for entry in mapping.entries {
            if let field = schema.field(entry.key.text) {
                read(entry, as: field)
            } else {
                reportUnknown(entry.key, schema: schema)
            }
        }
    }

    private mutating func read(_ entry: Node.Mapping.Entry, as field: ProfileSchema.Field) {
        switch field.value {
        case .version: readVersion(entry.value)
        case .type: readType(entry.value)
        case .name: readName(entry.value)
        case .description:
            description = optionalText(entry.value, .invalidDescription, "description")
                .flatMap { checked($0, .invalidDescription, "description", ProfileRules.brokenByDescription) }
        case .model:
            (model, ranges.model) = reference(entry.value, .invalidModel, key: field.key)
        case .sae:
            (sae, ranges.sae) = reference(entry.value, .invalidSAE, key: field.key)
        case .layer: readLayer(entry.value)
        case .steering: readSteering(entry)
        case .profile:
            guard case .mapping(let mapping) = entry.value else {
                report(.notAMapping, "'profile' must be a mapping", at: entry.value.place(orKey: entry.key))
                return
            }
            read(mapping, as: .millmProfile)
        case .ignored: break
        }
    }

    private mutating func reportUnknown(_ key: Node.Scalar, schema: ProfileSchema) {
        // YAML itself has refused '<<' already.
        guard key.text != "<<", unknownKeys.count < Limits.findings else { return }
        let suggestion = schema.suggestion(for: key.text)
        unknownKeys.append(
            Diagnostic(
                .unknownKey,
                "unknown key '\(key.text.shortened)'",
                at: SourceLocation(file: file, range: key.range),
                help: suggestion.map { "did you mean '\($0)'?" }
            )
        )
    }

    /// Whether there are as many findings as are worth keeping.
    private var isFull: Bool { diagnostics.count >= Limits.findings }

    mutating func report(_ code: DiagnosticCode, _ message: String, at range: SourceRange, help: String? = nil) {
        isSound = false
        guard !isFull else { return }
        diagnostics.append(
            Diagnostic(code, message, at: SourceLocation(file: file, range: range), help: help)
        )
    }
}

// MARK: Text

extension ProfileReader {
    private mutating func readName(_ node: Node) {
        guard let scalar = text(node, .invalidName, "name") else { return }
        guard !scalar.isNull else {
            report(.invalidName, "the name is missing", at: scalar.range)
            return
        }
        ranges.name = scalar.range
        name = checked(scalar, .invalidName, "name", ProfileRules.brokenByName)
    }

    /// A model's or SAE's name, and where it stands.
    private mutating func reference(
        _ node: Node,
        _ code: DiagnosticCode,
        key: String
    ) -> (String?, SourceRange?) {
        guard let scalar = optionalText(node, code, key) else { return (nil, nil) }
        return (checked(scalar, code, key, ProfileRules.brokenByReference), scalar.range)
    }

    private mutating func text(_ node: Node, _ code: DiagnosticCode, _ key: String) -> Node.Scalar? {
        if case .scalar(let scalar) = node { return scalar }
        report(code, "'\(key)' must be text, not a list or a mapping", at: node.range.firstCharacter)
        return nil
    }

    private mutating func optionalText(_ node: Node, _ code: DiagnosticCode, _ key: String) -> Node.Scalar? {
        text(node, code, key).flatMap { $0.isNull ? nil : $0 }
    }

    private mutating func checked(
        _ scalar: Node.Scalar,
        _ code: DiagnosticCode,
        _ key: String,
        _ rule: (String) -> String?
    ) -> String? {
        guard let broken = rule(scalar.text) else { return scalar.text }
        report(code, "the \(key) is invalid: \(broken)", at: scalar.range)
        return nil
    }
}

// MARK: Version and type

extension ProfileReader {
    private mutating func readVersion(_ node: Node) {
        guard case .scalar(let scalar) = node else {
            report(.unsupportedVersion, "'version' must be a number", at: node.range.firstCharacter)
            return
        }
        switch format {
        case .version1:
            if scalar.style == .plain, scalar.text == "1" { return }
            let isQuoted = scalar.style != .plain && scalar.text == "1"
            report(
                .unsupportedVersion,
                isQuoted
                    ? "the version is text; it must be the number 1"
                    : "the version '\(scalar.text.shortened)' is not supported",
                at: scalar.range,
                help: isQuoted ? "remove the quotes" : "write 'version: 1'"
            )
        case .millmFlat where scalar.style == .plain:
            report(
                .unsupportedVersion,
                "the version '\(scalar.text.shortened)' is not supported",
                at: scalar.range,
                help: "write 'version: 1'"
            )
        default:
            if scalar.text == "1.0" { return }
            report(
                .unsupportedVersion,
                "the version '\(scalar.text.shortened)' of miLLM's exports is not supported",
                at: scalar.range,
                help: #"this program reads "1.0""#
            )
        }
    }

    private mutating func readType(_ node: Node) {
        if case .scalar(let scalar) = node, scalar.text == "millm_profile" { return }
        report(.invalidExport, "the type is not 'millm_profile'", at: node.range)
    }
}

// MARK: Numbers

extension ProfileReader {
    private mutating func readLayer(_ node: Node) {
        guard case .scalar(let scalar) = node else {
            report(.invalidLayer, "'layer' must be a number", at: node.range.firstCharacter)
            return
        }
        guard !scalar.isNull else { return }
        ranges.layer = scalar.range
        guard scalar.style == .plain else {
            report(.invalidLayer, "the layer is text; it must be a number", at: scalar.range, help: "remove the quotes")
            return
        }
        guard let number = DecimalNumber.natural(scalar.text) else {
            report(.invalidLayer, "'\(scalar.text.shortened)' is no layer", at: scalar.range)
            return
        }
        guard ProfileRules.brokenByLayer(number) == nil else {
            report(
                .invalidLayer,
                "layer \(number) is out of range",
                at: scalar.range,
                help: "layers are counted from 0 and end long before \(ProfileRules.greatestLayer)"
            )
            return
        }
        layer = number
    }

    private mutating func readSteering(_ entry: Node.Mapping.Entry) {
        guard case .mapping(let mapping) = entry.value else {
            reportSteering(entry)
            return
        }
        steering.reserveCapacity(mapping.entries.count)
        ranges.features.reserveCapacity(mapping.entries.count)
        if mapping.entries.count > ProfileRules.features {
            report(
                .tooManyFeatures,
                "\(mapping.entries.count) features; \(ProfileRules.features) are allowed",
                at: mapping.entries[ProfileRules.features].key.range
            )
        }
        for feature in mapping.entries.indices where mapping.entries[feature].key.text != "<<" {
            let index = readIndex(mapping.entries[feature].key)
            let strength = readStrength(mapping.entries[feature].value, of: mapping.entries[feature].key)
            guard let index, let strength else { continue }
            steering[index] = strength
            ranges.features.append(index, at: mapping.entries[feature].key.range)
        }
    }

    private mutating func reportSteering(_ entry: Node.Mapping.Entry) {
        var help: String?
        if case .scalar(let scalar) = entry.value {
            if scalar.isNull { help = "write 'steering: {}' for a profile that steers nothing" }
            if scalar.text.unicodeScalars.contains(":") { help = "put a space behind the colon: '316: 45.0'" }
        }
        report(
            .invalidSteering,
            "'steering' must be a mapping of feature indices to strengths",
            at: entry.value.place(orKey: entry.key),
            help: help
        )
    }

    private mutating func readIndex(_ key: Node.Scalar) -> Int? {
        if let index = DecimalNumber.natural(key.text) { return index }
        isSound = false
        guard !isFull else { return nil }
        let isNumber = DecimalNumber.double(key.text) != nil
        report(
            .invalidIndex,
            "'\(key.text.shortened)' is no feature index",
            at: key.range,
            help: isNumber && !key.text.hasPrefix("-")
                ? "write a whole number up to \(ProfileRules.greatestIndex), without signs and leading zeros" : nil
        )
        return nil
    }

    private mutating func readStrength(_ node: Node, of key: Node.Scalar) -> Double? {
        guard case .scalar(let scalar) = node else {
            report(.invalidStrength, "a strength must be a number", at: node.range.firstCharacter)
            return nil
        }
        guard scalar.style == .plain, let strength = DecimalNumber.double(scalar.text) else {
            reportStrength(scalar, of: key)
            return nil
        }
        guard ProfileRules.brokenByStrength(strength) == nil else {
            report(.invalidStrength, "the strength \(scalar.text.shortened) is out of range", at: scalar.range)
            return nil
        }
        return strength
    }

    private mutating func reportStrength(_ scalar: Node.Scalar, of key: Node.Scalar) {
        isSound = false
        guard !isFull else { return }
        let text = scalar.text.shortened
        let (message, help): (String, String?) =
            if scalar.isNull {
                ("feature \(key.text.shortened) has no strength", nil)
            } else if scalar.style != .plain, DecimalNumber.double(scalar.text) != nil {
                ("the strength '\(text)' is text; it must be a number", "remove the quotes")
            } else if scalar.text.utf8.count < 64, DecimalNumber.double(scalar.text.replacing(",", with: ".")) != nil {
                ("'\(text)' is no number", "write the decimal point as '.'")
            } else {
                ("'\(text)' is no number", nil)
            }
        report(.invalidStrength, message, at: scalar.isNull ? key.range : scalar.range, help: help)
    }
}

extension String {
    /// The text for a message: escaped, and cut if it is long.
    fileprivate var shortened: String {
        let text = String(unicodeScalars.prefix(61)).escapedForDisplay
        return text.unicodeScalars.count <= 60 ? text : String(text.unicodeScalars.prefix(57)) + "…"
    }
}

extension Node {
    /// The value's place, or the key's if there is no value to show.
    fileprivate func place(orKey key: Scalar) -> SourceRange {
        range.bytes.isEmpty ? key.range : range.firstCharacter
    }
}

extension SourceRange {
    /// The first character alone, to point at something that has many lines.
    fileprivate var firstCharacter: SourceRange {
        guard start.line != end.line else { return self }
        let next = SourcePosition(offset: start.offset + 1, line: start.line, column: start.column + 1)
        return SourceRange(start, next)
    }
}
