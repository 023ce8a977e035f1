import YAML

extension DecodedProfile.Format {
    /// The format that a mapping is probably written in.
    ///
    /// - Parameters:
    ///   - table: Its root is the mapping.
    ///   - isGuessing: Whether a mapping without a version, but with keys of version 1, is taken for that: the findings
    ///     are then about what somebody has forgotten. Elsewhere such keys are only unknown.
    static func of(_ table: NodeTable, guessing isGuessing: Bool) -> Self {
        let envelope = ProfileSchema.millmEnvelope
        var version: Int?
        for (key, value) in table.entries(ofMappingAt: 0) {
            switch envelope.index(ofKeyAt: key, in: table).map({ envelope.meanings[$0] }) {
            case .profile, .type:
                return .millmEnvelope
            case .version: version = value
            default: break
            }
        }
        if let version {
            // miLLM writes the text "1.0"; this program's own versions are whole numbers.
            let text = table.rows[version].contents
            let hasPoint = table.isScalar(at: version) && table.texts[text].contains(UInt8(ascii: "."))
            return hasPoint ? .millmFlat : .version1
        }
        return isGuessing && lacksVersion(table.firstKeys(ofMappingAt: 0)) ? .version1 : .version0
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
