import YAML

/// Recognises files that are something else than a profile, about which one finding says more than one a key.
enum ForeignDocument {
    /// The finding about a root mapping that is no profile, and none in the making; nil if it may be one.
    static func finding(about table: NodeTable, file: String) -> Diagnostic? {
        guard table.value(of: "steering", inMappingAt: 0) == nil else { return nil }
        let keys = table.firstKeys(ofMappingAt: 0)
        let place = SourceLocation(file: file, range: table.rows[0].range.firstCharacter)
        if let known = known.first(where: { $0.keys.allSatisfy(keys.contains) }) {
            return Diagnostic(.notAProfile, "this is \(known.name), not a profile", at: place, help: known.help)
        }
        if keys.first?.hasPrefix("<") ?? false {
            return Diagnostic(.notAProfile, "this is HTML or XML, not a profile", at: place, help: failureHelp)
        }
        if isFailure(table, keys) {
            return Diagnostic(.notAProfile, "this is a server's error, not a profile", at: place, help: failureHelp)
        }
        guard !keys.contains(where: isAboutSteering) else { return nil }
        let unknown = keys.filter { !isKnown($0) }
        guard unknown.count > 2, unknown.count * 2 >= keys.count else { return nil }
        let examples = unknown.prefix(3).map { "'\($0.shortened)'" }
        return Diagnostic(
            .notAProfile,
            "this is no profile: it has no 'steering', but keys such as \(examples.joined(separator: ", "))",
            at: place
        )
    }

    /// What people take for profiles, by its keys.
    private static let known: [(keys: [String], name: String, help: String?)] = [
        (["$schema", "properties"], "a JSON Schema", nil),
        (["$schema", "definitions"], "a JSON Schema", nil),
        (["$schema", "$defs"], "a JSON Schema", nil),
        (
            ["success", "data", "error"], "an answer of the HTTP API",
            "save what /api/profiles/ID/export answers, or make it with 'millm export'"
        ),
        (
            ["modelId", "layer", "index"], "a feature of Neuronpedia's",
            "make a profile with 'millm new', and write the index and a strength under 'steering:'"
        ),
        (
            ["modelId", "features"], "a request of Neuronpedia's",
            "make a profile with 'millm new', and write each feature's index and strength under 'steering:'"
        ),
    ]

    /// What to do about what a server has said in place of a file.
    static let failureHelp = "give the file of a profile; this may be what a failed download has left"

    /// Whether the text is what a server says in place of a file: `404 page not found`, `Forbidden`.
    static func isFailure(_ text: String) -> Bool {
        guard text.utf8.count < Spelling.longestWord else { return false }
        let words = text.lowercased().split(separator: " ")
        return failures.contains(words.drop { isStatus($0) }.joined(separator: " "))
    }

    /// Whether it is `404: Not Found`, or an object that tells of nothing but an error.
    private static func isFailure(_ table: NodeTable, _ keys: [String]) -> Bool {
        if keys.count == 1, isStatus(keys[0]) { return table.scalar(at: 2).map { isFailure($0.text) } ?? false }
        return keys.contains { ["error", "errors", "detail", "message"].contains($0) }
            && keys.allSatisfy(errorKeys.contains)
    }

    private static func isStatus(_ word: some StringProtocol) -> Bool {
        word.utf8.count == 3 && Int(word).map { (400...599).contains($0) } ?? false
    }

    private static let failures: Set = [
        "bad gateway", "bad request", "access denied", "forbidden", "gateway timeout", "gone", "internal server error",
        "not found", "page not found", "service unavailable", "too many requests", "unauthorized",
    ]
    private static let errorKeys: Set = [
        "code", "detail", "error", "errors", "message", "path", "reason", "status", "statusCode", "timestamp", "title",
    ]

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
