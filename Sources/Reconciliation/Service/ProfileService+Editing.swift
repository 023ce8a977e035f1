package import Profiles

extension ProfileService {
    /// A profile that was written.
    package struct Written: Sendable {
        package let file: ProfileFile
        /// What its writer should know besides, for people.
        package let warnings: [String]
    }

    /// Writes a new profile.
    ///
    /// - Parameters:
    ///   - name: The display name, which the file's name is made from.
    ///   - fields: The other fields. Without steering the profile takes what the core runs now, with the model, SAE
    ///     and layer that it belongs to, where they are not given.
    /// - Throws: ``ProfileError`` `.alreadyExists`, `.invalidValue`, `.featureOutOfRange`.
    package func create(name: String, _ fields: ProfileChanges) async throws(ProfileError) -> ProfileFile {
        let current = fields.steering == nil ? currentSteering : nil
        let profile = Profile(
            name: name,
            description: fields.description ?? nil,
            model: (fields.model ?? nil) ?? current?.model,
            sae: (fields.sae ?? nil) ?? current?.sae,
            layer: (fields.layer ?? nil) ?? current?.layer,
            steering: fields.steering ?? current?.strengths ?? [:]
        )
        return try await repository.create(profile, id: nil)
    }

    /// Changes the given fields and, if the profile is active, waits until the core has followed.
    ///
    /// - Parameter expected: The digest that the change is based on; nil takes whatever is there.
    /// - Throws: ``ProfileError`` `.notFound`, `.conflict`, `.alreadyExists`, `.invalidFormat`, `.invalidValue`,
    ///   `.featureOutOfRange`.
    package func update(
        _ id: ProfileID,
        _ changes: ProfileChanges,
        expecting expected: ContentDigest?
    ) async throws(ProfileError) -> Written {
        let file = try await repository.update(id, changes, expecting: expected)
        return Written(file: file, warnings: try await follow(file).map { [$0] } ?? [])
    }

    /// Takes over a profile from elsewhere: as a whole, or not at all.
    ///
    /// - Parameters:
    ///   - bytes: A profile in any of the formats that there are.
    ///   - source: What findings name the bytes by.
    ///   - replaces: Whether it takes the place of the profile that has its display name already.
    /// - Throws: ``ProfileError`` `.invalidFormat` with findings, `.alreadyExists`, `.conflict`.
    package func importProfile(
        _ bytes: [UInt8],
        from source: String,
        replacing replaces: Bool
    ) async throws(ProfileError) -> Written {
        let decoded = ProfileDecoder.decode(bytes, file: source)
        guard let profile = decoded.profile else {
            let message = "The \(source) holds no valid profile. Nothing was imported."
            throw ProfileError(.invalidFormat, message, diagnostics: decoded.diagnostics)
        }
        let warnings = decoded.diagnostics.map { "\($0.location): \($0.message)." }
        guard replaces, let existing = try await repository.profile(named: profile.name) else {
            return Written(file: try await repository.create(profile, id: nil), warnings: warnings)
        }
        let changes = ProfileChanges(
            description: profile.description,
            model: profile.model,
            sae: profile.sae,
            layer: profile.layer,
            steering: profile.steering
        )
        let written = try await update(existing.id, changes, expecting: existing.digest)
        return Written(file: written.file, warnings: warnings + written.warnings)
    }
}
