import YAML

/// Changes profiles in their files, and nothing else in the files.
///
/// Comments, order, quotes, indentation, flow or block style, line endings, a byte order mark and a missing
/// last line break stay as they are. What has been written is read again before it is handed out.
package enum ProfileEditor {
    /// The file with some fields changed.
    ///
    /// A file of version 0 stays one. An export of miLLM's becomes a file of version 1 in YAML first.
    ///
    /// - Parameters:
    ///   - changes: What to change; fields that have the value already cost no byte.
    ///   - bytes: A file that holds a valid profile.
    ///   - file: The file's name for messages and findings.
    /// - Throws: ``ProfileError`` `.invalidFormat` with findings if the file holds no valid profile or is written in
    ///   a way that cannot be edited in place, or would become too large; `.invalidValue` or `.featureOutOfRange` for
    ///   a bad value.
    package static func apply(
        _ changes: ProfileChanges,
        to bytes: [UInt8],
        file: String
    ) throws(ProfileError) -> [UInt8] {
        let parsed = ParsedYAML(bytes)
        let decoded = ProfileDecoder.decode(parsed, file: file)
        guard let profile = decoded.profile, case .mapping(let root)? = parsed.root else {
            throw ProfileError(
                .invalidFormat,
                "\(file) holds no valid profile; mend it before you change it.",
                diagnostics: decoded.diagnostics
            )
        }
        let wanted = profile.applying(changes)
        try wanted.validate()
        guard let format = decoded.format, ProfileMigration.version(of: format) != nil else {
            return try convert(bytes, isJSON: root.isJSON(in: bytes), to: wanted, changes, file: file)
        }
        guard !wanted.isIdentical(to: profile) else { return bytes }
        let splices = EditPlan(root: root, bytes: bytes, schema: .of(format)).splices(from: profile, to: wanted)
        let edited = Splice.apply(splices, to: bytes)
        guard
            let result = edited.map({ endings(of: $0, like: bytes) })?.first(where: {
                ProfileDecoder.decode($0, file: file).profile?.isIdentical(to: wanted) == true
            })
        else {
            try ProfileError.refuseSize(of: edited, file: file)
            throw ProfileError(
                .invalidFormat,
                "\(file) is written in a way that cannot be changed in place; change it in an editor."
            )
        }
        return result
    }

    /// Makes an export a file of version 1: JSON is written anew, what is YAML already keeps its comments.
    private static func convert(
        _ bytes: [UInt8],
        isJSON: Bool,
        to wanted: Profile,
        _ changes: ProfileChanges,
        file: String
    ) throws(ProfileError) -> [UInt8] {
        guard !isJSON, let migrated = try? ProfileMigration.migrate(bytes, file: file) else {
            return ProfileEncoder.yaml(wanted)
        }
        return try apply(changes, to: migrated, file: file)
    }

    /// The edited file, first with the last line ending as it did: where the last line has gone, the one before
    /// has a line break that the last one had not. A block of text may need it, so both come into question.
    private static func endings(of edited: [UInt8], like bytes: [UInt8]) -> [[UInt8]] {
        let (text, original) = (EditableText(edited), EditableText(bytes))
        guard !original.endsWithLineBreak else { return [edited] }
        guard text.endsWithLineBreak else { return [edited, edited + original.lineBreak.utf8] }
        return [Array(edited[..<text.previousLineEnd(edited.count)]), edited]
    }
}
