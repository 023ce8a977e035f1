import YAML

/// Moves profile files from one version of the format to another, and nothing else in the files.
///
/// Comments, order, quotes, indentation, flow or block style, line endings, a byte order mark and a missing last
/// line break stay as they are. miLLM's exports can be moved, too; one in JSON stays JSON. What version 1 has no
/// place for (`id`, `is_active`, the times) goes when a file is moved there.
package enum ProfileMigration {
    /// The versions that a file can be moved to.
    package static let versions = 0...1
    /// The version that this program writes.
    package static let currentVersion = 1

    /// The file in another version.
    ///
    /// - Parameters:
    ///   - bytes: A file that holds a valid profile.
    ///   - version: One of ``versions``.
    ///   - file: The file's name for messages and findings.
    /// - Returns: The new bytes, which hold the same profile; nil if the file is of that version already.
    /// - Throws: ``ProfileError`` `.invalidValue` if there is no such version; `.invalidFormat` with findings if the
    ///   file holds no valid profile, without findings if it is written in a way that cannot be moved in place
    ///   or would become too large.
    package static func migrate(
        _ bytes: [UInt8],
        to version: Int = currentVersion,
        file: String
    ) throws(ProfileError) -> [UInt8]? {
        guard let target = format(of: version) else {
            throw ProfileError(
                .invalidValue,
                "There is no version \(version) of the format; there are \(versions.lowerBound) and "
                    + "\(versions.upperBound)."
            )
        }
        let parsed = ParsedYAML(bytes)
        let decoded = ProfileDecoder.decode(parsed, file: file)
        guard let profile = decoded.profile, let format = decoded.format, case .mapping(let root)? = parsed.root else {
            throw ProfileError(
                .invalidFormat,
                "\(file) holds no valid profile; mend it before you migrate it.",
                diagnostics: decoded.diagnostics
            )
        }
        guard format != target else { return nil }
        var results: [[UInt8]] = []
        for candidate in candidates(from: format, root: root, bytes: bytes) {
            guard let result = MigrationPlan(target: target).apply(to: candidate.bytes, schema: candidate.schema)
            else { continue }
            let migrated = ProfileDecoder.decode(result, file: file)
            if migrated.format == target, migrated.profile?.isIdentical(to: profile) == true { return result }
            results.append(result)
        }
        try ProfileError.refuseSize(of: results.min { $0.count < $1.count }, file: file)
        throw ProfileError(
            .invalidFormat,
            "\(file) is written in a way that cannot be migrated in place; change it in an editor."
        )
    }

    /// The version of a format; nil for miLLM's exports, which number theirs otherwise.
    package static func version(of format: DecodedProfile.Format) -> Int? {
        switch format {
        case .version0: 0
        case .version1: 1
        case .millmEnvelope, .millmFlat: nil
        }
    }

    private static func format(of version: Int) -> DecodedProfile.Format? {
        switch version {
        case 0: .version0
        case 1: .version1
        default: nil
        }
    }

    /// The file, or the profile taken out of its envelope, as it should look first.
    private static func candidates(
        from format: DecodedProfile.Format,
        root: Node.Mapping,
        bytes: [UInt8]
    ) -> [(bytes: [UInt8], schema: ProfileSchema)] {
        guard format == .millmEnvelope else { return [(bytes, .of(format))] }
        let envelope = MillmEnvelope(root: root, bytes: bytes)
        return [true, false].compactMap { isOutdented in
            envelope.opened(isOutdented: isOutdented).map { ($0, .millmProfile) }
        }
    }
}
