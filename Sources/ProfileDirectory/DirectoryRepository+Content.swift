import FileWatching
import Glibc
package import Profiles

extension DirectoryRepository {
    /// Writes a new file with the given content, comments and all.
    ///
    /// - Throws: `.alreadyExists` for a taken id or display name, `.invalidFormat` if the bytes are no valid profile.
    package func create(_ id: ProfileID, holding bytes: [UInt8]) async throws(ProfileError) -> ProfileFile {
        let fileName = id.fileNames[0]
        return try await write { directory throws(ProfileError) in
            let shown = directory.display(fileName)
            let decoded = ProfileDecoder.decode(bytes, file: shown)
            guard let profile = decoded.profile else {
                let message = "'\(shown)' was not written: the text is no valid profile."
                throw ProfileError(.invalidFormat, message, diagnostics: decoded.diagnostics)
            }
            let files = try refreshedFiles(in: directory)
            if files.contains(where: { $0.id == id }) {
                throw ProfileError(.alreadyExists, "There is a profile '\(id)' already.")
            }
            try requireFree(name: profile.name, among: files)
            try write(bytes, toNew: fileName, in: directory)
            return try file(of: id, in: directory)
        }
    }

    /// Puts other content into profiles' files, which keep their names, modes and owners: into all that can be changed,
    /// or none.
    ///
    /// - Parameters:
    ///   - files: The profiles, each with the digest that the change is based on; nil takes whatever is there.
    ///   - transform: Makes the new bytes from the old ones and the file's name for messages; nil changes nothing.
    /// - Returns: For each whether anything was written, or why it cannot be changed: `.notFound`, `.conflict`,
    ///   `.inputOutput`, and what `transform` throws.
    /// - Throws: `.conflict`, `.inUse`, `.busy`, `.inputOutput`; then nothing was written.
    package func rewrite(
        _ files: [(id: ProfileID, digest: ContentDigest?)],
        by transform: @Sendable (_ bytes: [UInt8], _ file: String) throws(ProfileError) -> [UInt8]?
    ) async throws(ProfileError) -> [Result<Bool, ProfileError>] {
        let isConditional = files.contains { $0.digest != nil }
        return try await write(conditionally: isConditional) { directory throws(ProfileError) in
            var outcomes: [Result<Bool, ProfileError>] = []
            var writes: [PlannedWrite] = []
            for (id, digest) in files {
                do throws(ProfileError) {
                    let (fileName, content) = try contentToChange(of: id, expecting: digest, in: directory)
                    let bytes = try transform(content.bytes, directory.display(fileName)) ?? content.bytes
                    let write = PlannedWrite(fileName: fileName, bytes: bytes, replaced: (fileName, content))
                    outcomes.append(.success(!write.isIdle))
                    writes.append(write)
                } catch {
                    outcomes.append(.failure(error))
                }
            }
            try carryOut(writes, in: directory)
            return outcomes
        }
    }

    /// Writes several profiles, all or none of them.
    ///
    /// Their ids are made from their display names.
    ///
    /// - Parameter replacing: Whether a profile that has the display name already takes over the new values, in its
    ///   own file.
    /// - Returns: Each profile's file as it is now, and whether it is new.
    /// - Throws: `.alreadyExists` for a taken or repeated display name, `.invalidValue`, `.invalidFormat`, `.conflict`,
    ///   `.inputOutput`; then nothing was written.
    package func importAll(
        _ imports: [ProfileImport],
        replacing: Bool
    ) async throws(ProfileError) -> [(file: ProfileFile, isNew: Bool)] {
        try await write { directory throws(ProfileError) in
            let steps = try plan(imports, replacing: replacing, in: directory)
            try carryOut(steps.map(\.write), in: directory)
            var results: [(file: ProfileFile, isNew: Bool)] = []
            for (id, write) in steps {
                let file = written(write.bytes, to: write.fileName, id: id, in: directory)
                results.append((file, write.replaced == nil))
            }
            return results
        }
    }

    // MARK: - What is to be done

    private typealias Step = (id: ProfileID, write: PlannedWrite)

    private func plan(
        _ imports: [ProfileImport],
        replacing: Bool,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> [Step] {
        let files = try refreshedFiles(in: directory)
        var taken = Set(files.map(\.id))
        var names: Set<String> = []
        var steps: [Step] = []
        for item in imports {
            try item.profile.validate()
            let name = item.profile.name
            guard names.insert(name).inserted else {
                let message = "Two of them have the name '\(name.escapedForDisplay)'. Nothing was imported."
                throw ProfileError(.alreadyExists, message)
            }
            if replacing, let existing = try onlyProfile(named: name, among: files) {
                steps.append((existing.id, try replacement(of: existing.id, by: item.profile, in: directory)))
            } else {
                if replacing { try requireReadable(files, toFind: name) }
                try requireFree(name: name, among: files)
                let id = ProfileID(naming: name) { taken.contains($0) }
                taken.insert(id)
                steps.append((id, PlannedWrite(fileName: id.fileNames[0], bytes: item.bytes)))
            }
        }
        return steps
    }

    private func onlyProfile(named name: String, among files: [ProfileFile]) throws(ProfileError) -> ProfileFile? {
        let found = files.filter { $0.profile?.name == name }
        guard found.count > 1 else { return found.first }
        let ids = found.map { "'\($0.id)'" }.joined(separator: ", ")
        let message = "The name '\(name.escapedForDisplay)' belongs to several profiles: \(ids). Rename one of them."
        throw ProfileError(.invalidValue, message)
    }

    /// A profile that cannot be read may be the one with the name.
    private func requireReadable(_ files: [ProfileFile], toFind name: String) throws(ProfileError) {
        guard let finding = files.lazy.compactMap(\.unreadable).first else { return }
        let what = "Whether '\(name.escapedForDisplay)' replaces a profile cannot be told"
        throw ProfileError(.inputOutput, "\(what): \(finding.sentence)", diagnostics: [finding])
    }

    private func replacement(
        of id: ProfileID,
        by profile: Profile,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> PlannedWrite {
        let (fileName, content) = try contentToChange(of: id, expecting: nil, in: directory)
        let changes = ProfileChanges(
            description: .some(profile.description),
            model: .some(profile.model),
            sae: .some(profile.sae),
            layer: .some(profile.layer),
            steering: profile.steering
        )
        let bytes = try ProfileEditor.apply(changes, to: content.bytes, file: directory.display(fileName))
        return Self.edit(of: fileName, holding: content, to: bytes, id: id)
    }
}
