import YAML

extension DecodedProfile.Format {
    /// The format that a mapping is probably written in.
    ///
    /// - Parameters:
    ///   - table: Its root is the mapping.
    ///   - isGuessing: Whether a mapping without a version, but with keys of version 1, is taken for that: the findings
    ///     are then about what somebody has forgotten. Elsewhere such keys are only unknown.
    init(of table: NodeTable, guessing isGuessing: Bool) {
        if table.value(of: "profile", inMappingAt: 0) != nil || table.value(of: "type", inMappingAt: 0) != nil {
            self = .millmEnvelope
        } else if let version = table.value(of: "version", inMappingAt: 0) {
            // miLLM writes the text "1.0"; this program's own versions are whole numbers.
            let hasPoint = table.scalar(at: version)?.text.utf8.contains(UInt8(ascii: ".")) ?? false
            self = hasPoint ? .millmFlat : .version1
        } else {
            self = isGuessing && Self.lacksVersion(table.firstKeys(ofMappingAt: 0)) ? .version1 : .version0
        }
    }

    /// Whether the key 'version' is misspelled, or left out above keys that only version 1 has.
    private static func lacksVersion(_ keys: [String]) -> Bool {
        let unknown = keys.filter { ProfileSchema.version0.field($0) == nil }
        if unknown.contains(where: { ProfileSchema.version1.suggestion(for: $0) == "version" }) { return true }
        let isRow = keys.contains { ProfileSchema.version1.field($0) == nil && !unknown.contains($0) }
        return !isRow && unknown.contains { ProfileSchema.version1.field($0) != nil }
    }
}

extension NodeTable {
    /// The first keys of the mapping at a place: more than a profile has, and no more than are quickly looked at.
    func firstKeys(ofMappingAt place: Int) -> [String] {
        entries(ofMappingAt: place).lazy.prefix(32).compactMap { scalar(at: $0.key)?.text }
    }
}
