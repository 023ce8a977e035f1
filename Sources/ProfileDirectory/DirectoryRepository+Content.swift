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

    /// Puts other content into a profile's file, which keeps its name, mode and owner.
    ///
    /// - Parameters:
    ///   - expected: The digest that the change is based on; nil takes whatever is there.
    ///   - transform: Makes the new bytes from the old ones and the file's name for messages; nil changes nothing.
    /// - Returns: Whether anything was written.
    /// - Throws: `.notFound`, `.conflict`, `.inputOutput`, and what `transform` throws; then nothing was written.
    package func rewrite(
        _ id: ProfileID,
        expecting expected: ContentDigest?,
        by transform: @Sendable (_ bytes: [UInt8], _ file: String) throws(ProfileError) -> [UInt8]?
    ) async throws(ProfileError) -> Bool {
        try await write(conditionally: expected != nil) { directory throws(ProfileError) in
            let (fileName, content) = try contentToChange(of: id, expecting: expected, in: directory)
            let shown = directory.display(fileName)
            guard let bytes = try transform(content.bytes, shown), bytes != content.bytes else { return false }
            try replace(fileName, holding: content, by: bytes, in: directory)
            return true
        }
    }

    /// Writes several profiles, all or none of them.
    ///
    /// Their ids are made from their display names. Everything is checked, and every file written under a
    /// temporary name, before the first one gets its own.
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
            try stage(steps, in: directory)
            try commit(steps, in: directory)
            ImportJournal.end(in: directory)
            var results: [(file: ProfileFile, isNew: Bool)] = []
            for step in steps {
                results.append((written(step.bytes, to: step.fileName, id: step.id, in: directory), step.isNew))
            }
            return results
        }
    }

    // MARK: - What is to be done

    private struct Step {
        var id: ProfileID
        /// The name that the file is to have.
        var fileName: String
        /// Where the content waits for its name.
        var temporaryName: String
        var bytes: [UInt8]
        /// The file that it replaces, and what is known of it; nil if it is new.
        var replaced: (fileName: String, content: StableRead)?

        var isNew: Bool { replaced == nil }
        /// Whether there is nothing to write.
        var isIdle: Bool { replaced?.content.bytes == bytes }

        var journaled: ImportJournal.Step {
            ImportJournal.Step(
                temporaryName: temporaryName,
                fileName: fileName,
                replaced: replaced?.fileName,
                base: replaced.map { ContentDigest(of: $0.content.bytes) }
            )
        }
    }

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
            let temporaryName = ImportJournal.temporaryPrefix + String(steps.count)
            if replacing, let existing = try onlyProfile(named: name, among: files) {
                steps.append(try replacement(of: existing.id, by: item.profile, temporaryName, in: directory))
            } else {
                try requireFree(name: name, among: files)
                let id = ProfileID(naming: name) { taken.contains($0) }
                taken.insert(id)
                let fileName = id.fileNames[0]
                steps.append(Step(id: id, fileName: fileName, temporaryName: temporaryName, bytes: item.bytes))
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

    private func replacement(
        of id: ProfileID,
        by profile: Profile,
        _ temporaryName: String,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> Step {
        let (fileName, content) = try contentToChange(of: id, expecting: nil, in: directory)
        let changes = ProfileChanges(
            description: .some(profile.description),
            model: .some(profile.model),
            sae: .some(profile.sae),
            layer: .some(profile.layer),
            steering: profile.steering
        )
        let bytes = try ProfileEditor.apply(changes, to: content.bytes, file: directory.display(fileName))
        let becomesYAML = bytes != content.bytes && fileName.hasSuffix(".json") && !Self.isJSON(bytes)
        return Step(
            id: id,
            fileName: becomesYAML ? id.fileNames[0] : fileName,
            temporaryName: temporaryName,
            bytes: bytes,
            replaced: (fileName, content)
        )
    }

    // MARK: - Doing it

    private func stage(_ steps: [Step], in directory: borrowing DirectoryHandle) throws(ProfileError) {
        do {
            try ImportJournal.begin(steps.count, in: directory)
        } catch {
            throw ProfileError("The directory '\(path.escapedForDisplay)' cannot be written", error)
        }
        for step in steps where !step.isIdle {
            remember(step.bytes, as: step.fileName)
            do {
                try AtomicFile(step.bytes, temporaryName: step.temporaryName)
                    .writeTemporary(like: step.replaced.map { ($0.fileName, $0.content.status) }, in: directory)
            } catch {
                ImportJournal.end(in: directory)
                throw ProfileError("'\(directory.display(step.fileName))' cannot be written", error)
            }
        }
        for step in steps {
            guard let replaced = step.replaced else { continue }
            let content: StableRead?
            do {
                content = try StableRead(replaced.fileName, in: directory)
            } catch .system(let error) {
                ImportJournal.end(in: directory)
                throw ProfileError("'\(directory.display(replaced.fileName))' cannot be read", error)
            } catch {
                content = nil
            }
            guard content?.bytes != replaced.content.bytes else { continue }
            ImportJournal.end(in: directory)
            throw .conflict(
                about: directory.display(replaced.fileName),
                basedOn: ContentDigest(of: replaced.content.bytes),
                found: content.map { ContentDigest(of: $0.bytes) }
            )
        }
    }

    private func commit(_ steps: [Step], in directory: borrowing DirectoryHandle) throws(ProfileError) {
        do {
            try ImportJournal.commit(steps.filter { !$0.isIdle }.map(\.journaled), in: directory)
        } catch {
            ImportJournal.end(in: directory)
            throw ProfileError(writing: path, basedOn: nil, error)
        }
        for (index, step) in steps.enumerated() where !step.isIdle {
            do {
                try name(step, in: directory)
            } catch {
                ImportJournal.end(in: directory)
                let done = steps.prefix(index).map { "'\($0.id)'" }.joined(separator: ", ")
                let remark = done.isEmpty ? "" : " Already written: \(done)."
                let base = step.replaced.map { ContentDigest(of: $0.content.bytes) }
                var failure = ProfileError(writing: directory.display(step.fileName), basedOn: base, error)
                failure.message += remark
                throw failure
            }
        }
        do {
            try AtomicFile.confirm(directory)
        } catch {
            throw ProfileError(writing: path, basedOn: nil, error)
        }
    }

    /// Gives the content its name, and what pointed at the old file the new one.
    private func name(
        _ step: Step,
        in directory: borrowing DirectoryHandle
    ) throws(WriteFailure) {
        let file = AtomicFile(step.bytes, durability: .volatile, temporaryName: step.temporaryName)
        guard let replaced = step.replaced, replaced.fileName == step.fileName else {
            do {
                try AtomicFile.move(step.temporaryName, to: step.fileName, in: directory)
                return try ImportJournal.takeOver(step.journaled, in: directory)
            } catch {
                throw .system(error)
            }
        }
        try file.exchange(with: step.fileName, in: directory, basedOn: replaced.content) { temporary in
            rescue(temporary, of: step.fileName, in: directory)
        }
    }
}
