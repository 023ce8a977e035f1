import YAML

/// Moves profile files from one version of the format to another, and nothing else in the files.
///
/// Comments, order, quotes, indentation, flow or block style, line endings, a byte order mark and a missing last
/// line break stay as they are. miLLM's exports can be moved, too; one in JSON stays JSON. What version 1 has no
/// place for (`id`, `is_active`, the times) goes when a file is moved there. A `version` that does not stand where it
/// would come back to, or has a comment, becomes one when a file is moved to version 0, where it has a line to itself
/// and the file is no JSON; elsewhere it comes back as the first key.
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
        let results = candidates(from: format, root: root, bytes: bytes).flatMap { candidate in
            plans(from: format, to: target).compactMap { $0.apply(to: candidate.bytes, schema: candidate.schema) }
        }
        let sound = results.lazy.filter { result in
            let migrated = ProfileDecoder.decode(result, file: file)
            return migrated.format == target && migrated.profile?.isIdentical(to: profile) == true
        }
        let isReturning = format == .version1
        if let result = isReturning ? sound.first(where: { returns($0, to: bytes, file: file) }) : nil { return result }
        if let result = sound.first { return result }
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

    /// The ways to write the file, the best first.
    private static func plans(
        from format: DecodedProfile.Format,
        to target: DecodedProfile.Format
    ) -> [MigrationPlan] {
        let usesComment = format == .version0 ? [true, false] : format == .version1 ? [false, true] : [false]
        return usesComment.map { MigrationPlan(target: target, usesComment: $0) }
    }

    /// Whether the way back leads to the very same bytes.
    private static func returns(_ migrated: [UInt8], to bytes: [UInt8], file: String) -> Bool {
        (try? migrate(migrated, file: file)) == bytes
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
