import ProfileDirectory
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
    ///     and layer that it belongs to, where they are not given. With it nothing is added: strengths may be for
    ///     another model than the one that runs.
    /// - Throws: ``ProfileError`` `.alreadyExists`, `.invalidValue`, `.featureOutOfRange`.
    package func create(name: String, _ fields: ProfileChanges) async throws(ProfileError) -> Written {
        let current = fields.steering == nil ? currentSteering : nil
        let profile = Profile(
            name: name,
            description: fields.description ?? nil,
            model: (fields.model ?? nil) ?? current?.model,
            sae: (fields.sae ?? nil) ?? current?.sae,
            layer: (fields.layer ?? nil) ?? current?.layer,
            steering: fields.steering ?? current?.strengths ?? [:]
        )
        let file = try await repository.create(profile, id: nil)
        let isEmpty = current?.strengths.isEmpty ?? false
        let remark = isEmpty ? ["The model is not steered now, so the profile steers nothing."] : []
        return Written(file: file, warnings: remark + misfits(of: file))
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
        return Written(file: file, warnings: try await remarks(on: file))
    }

    /// Deletes a profile's file.
    ///
    /// - Parameter expected: The digest of what is to be deleted; nil takes whatever is there.
    /// - Throws: ``ProfileError`` `.notFound`, `.conflict`, `.active` for the active one.
    package func delete(_ id: ProfileID, expecting expected: ContentDigest?) async throws(ProfileError) {
        try await repository.delete(id, expecting: expected)
    }

    /// A profile that was taken over.
    package struct Imported: Sendable {
        package let file: ProfileFile
        /// Whether it took no other's place.
        package let isNew: Bool
        /// What its sender should know besides, for people.
        package let warnings: [String]
    }

    /// Takes over profiles from elsewhere: all of them and each as a whole, or nothing.
    ///
    /// - Parameters:
    ///   - sources: Profiles in any of the formats that there are.
    ///   - name: The display name for a single profile; nil keeps the one that it has.
    ///   - replaces: Whether it takes the place of the profile that has its display name already.
    ///   - ignoresUnknownKeys: Whether keys of miLLM's formats that nobody knows are ignored, with a warning.
    /// - Throws: ``ProfileError`` `.invalidFormat` with findings, `.alreadyExists`, `.conflict`.
    package func importAll(
        _ sources: [ProfileImport.Source],
        naming name: String? = nil,
        replacing replaces: Bool,
        ignoringUnknownKeys ignoresUnknownKeys: Bool = false
    ) async throws(ProfileError) -> [Imported] {
        let imports = try ProfileImport.read(sources, naming: name, ignoringUnknownKeys: ignoresUnknownKeys)
        let results = try await repository.importAll(imports, replacing: replaces)
        var imported: [Imported] = []
        for (item, (file, isNew)) in zip(imports, results) {
            let warnings = item.warnings.map { finding in
                "\(finding.location): \(finding.message)" + (finding.code == .unknownKey ? ", which was ignored." : ".")
            }
            let remarks = isNew ? misfits(of: file) : try await remarks(on: file)
            imported.append(Imported(file: file, isNew: isNew, warnings: warnings + remarks))
        }
        return imported
    }

    /// What the writer of a file that was there before should know: if it is the active one, whether the core follows.
    private func remarks(on file: ProfileFile) async throws(ProfileError) -> [String] {
        guard let engine, try await activeID() == file.id else { return misfits(of: file) }
        let status = await engine.controller.reconcile()
        guard status.state == .degraded, status.desired?.id == file.id, let reason = status.reason else { return [] }
        return ["The profile is active, and cannot be applied as it is now: \(reason.message)"]
    }

    /// Why a file that is not active cannot be applied to what runs; none where no model runs.
    private func misfits(of file: ProfileFile) -> [String] {
        let mismatches = engine?.compiler.mismatches(of: file) ?? []
        return mismatches.isEmpty
            ? [] : ["It is saved, but does not fit: " + ProfileError.incompatible(mismatches).message]
    }

    /// A profile in a form for other programs, and its file.
    ///
    /// - Throws: ``ProfileError`` `.notFound`, `.invalidFormat`.
    package func export(
        _ id: ProfileID,
        as form: ProfileExport,
        at time: Timestamp
    ) async throws(ProfileError) -> [UInt8] {
        try form.bytes(of: await repository.profile(id), exportedAt: time)
    }
}
