import YAML

/// Recognises files that are something else than a profile, about which one finding says more than one a key.
enum ForeignDocument {
    /// The finding about a root mapping that is no profile, and none in the making; nil if it may be one.
    static func finding(about table: NodeTable, file: String) -> Diagnostic? {
        guard table.value(of: "steering", inMappingAt: 0) == nil else { return nil }
        let keys = table.firstKeys(ofMappingAt: 0)
        guard !keys.contains(where: isAboutSteering) else { return nil }
        let unknown = keys.filter { !isKnown($0) }
        guard unknown.count > 2, unknown.count * 2 >= keys.count else { return nil }
        let examples = unknown.prefix(3).map { "'\($0.shortened)'" }
        let isSchema =
            keys.contains("$schema") && keys.contains { ["properties", "definitions", "$defs"].contains($0) }
        return Diagnostic(
            .notAProfile,
            isSchema
                ? "this is a JSON Schema, not a profile"
                : "this is no profile: it has no 'steering', but keys such as \(examples.joined(separator: ", "))",
            at: SourceLocation(file: file, range: table.rows[0].range.firstCharacter)
        )
    }

    private static let schemas = [ProfileSchema.version1, .version0, .millmEnvelope]

    private static func isKnown(_ key: String) -> Bool {
        schemas.contains { $0.field(key) != nil || $0.suggestion(for: key) != nil }
    }

    /// Whether the key is, or should be, 'steering', or miLLM's 'profile', or is a feature that stands too far left.
    private static func isAboutSteering(_ key: String) -> Bool {
        key == "profile" || DecimalNumber.natural(key) != nil
            || ProfileSchema.version1.suggestion(for: key) == "steering"
    }
}
