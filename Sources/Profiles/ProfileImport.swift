import YAML

/// A profile that comes from elsewhere.
package struct ProfileImport: Hashable, Sendable {
    /// The profile, under the name that it is to have.
    package let profile: Profile
    /// What a new file of it holds.
    package let bytes: [UInt8]
    /// What was found while reading, none of it an error.
    package let warnings: [Diagnostic]

    package init(profile: Profile, bytes: [UInt8], warnings: [Diagnostic] = []) {
        self.profile = profile
        self.bytes = bytes
        self.warnings = warnings
    }
}

extension ProfileImport {
    /// Bytes that should be a profile in any of the formats that there are.
    package struct Source: Sendable {
        /// What messages and findings call it.
        package let name: String
        package let bytes: [UInt8]

        package init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// Reads all sources, or none.
    ///
    /// - Parameters:
    ///   - name: The display name for a single source; nil keeps the one that it has.
    ///   - ignoresUnknownKeys: As ``ProfileDecoder`` has it.
    /// - Throws: ``ProfileError`` `.invalidFormat` with the findings about all sources, `.invalidValue` for a bad name.
    package static func read(
        _ sources: [Source],
        naming name: String? = nil,
        ignoringUnknownKeys ignoresUnknownKeys: Bool = false
    ) throws(ProfileError) -> [ProfileImport] {
        let read = sources.map { source in
            let decoded = ProfileDecoder.decode(
                source.bytes,
                file: source.name,
                ignoringUnknownKeys: ignoresUnknownKeys
            )
            return (source: source, decoded: decoded)
        }
        let bad = read.filter { $0.decoded.profile == nil }
        guard bad.isEmpty else {
            let names = bad.map { "'\($0.source.name.escapedForDisplay)'" }.joined(separator: ", ")
            throw ProfileError(
                .invalidFormat,
                "\(names) \(bad.count == 1 ? "holds" : "hold") no valid profile. Nothing was imported.",
                diagnostics: bad.flatMap(\.decoded.diagnostics)
            )
        }
        var imports: [ProfileImport] = []
        for (source, decoded) in read {
            guard var profile = decoded.profile else { continue }
            if let name { profile.name = name }
            try profile.validate()
            let bytes = try source.bytes(for: profile, decodedAs: decoded.format)
            imports.append(ProfileImport(profile: profile, bytes: bytes, warnings: decoded.diagnostics))
        }
        return imports
    }
}

extension ProfileImport.Source {
    /// What a new file holds: YAML as it is, with its comments, though in version 1; JSON written anew.
    fileprivate func bytes(
        for profile: Profile,
        decodedAs format: DecodedProfile.Format?
    ) throws(ProfileError) -> [UInt8] {
        guard case .mapping(let root)? = ParsedYAML(bytes).root, !root.isJSON(in: bytes),
            let migrated = format == .version1 ? bytes : try? ProfileMigration.migrate(bytes, file: name)
        else { return ProfileEncoder.yaml(profile) }
        return try ProfileEditor.apply(ProfileChanges(name: profile.name), to: migrated, file: name)
    }
}
