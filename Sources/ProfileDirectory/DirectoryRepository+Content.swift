import FileWatching
import Glibc
package import Profiles

/// A profile that comes from elsewhere.
package struct ProfileImport: Hashable, Sendable {
    package let profile: Profile
    /// What a new file of it holds.
    package let bytes: [UInt8]

    package init(profile: Profile, bytes: [UInt8]) {
        self.profile = profile
        self.bytes = bytes
    }
}

extension DirectoryRepository {
    /// Writes a new file with the given content, comments and all.
    ///
    /// - Throws: `.alreadyExists` for a taken id or display name, `.invalidFormat` if the bytes are no valid profile.
    package func create(_ id: ProfileID, holding bytes: [UInt8]) throws(ProfileError) -> ProfileFile {
        let fileName = id.fileNames[0]
        return try write { directory throws(ProfileError) in
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
    ) throws(ProfileError) -> Bool {
        try write { directory throws(ProfileError) in
            let (fileName, content) = try contentToChange(of: id, expecting: expected, in: directory)
            let shown = directory.display(fileName)
            guard let bytes = try transform(content.bytes, shown), bytes != content.bytes else { return false }
            try replace(fileName, by: bytes, basedOn: content, in: directory)
            return true
        }
    }

    private func replace(
        _ fileName: String,
        by bytes: [UInt8],
        basedOn content: StableRead,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        let shown = directory.display(fileName)
        do {
            try AtomicFile(bytes).replace(fileName, in: directory, expecting: content.status)
        } catch {
            if error.code == ESTALE { throw Self.conflict(about: shown) }
            throw ProfileError("'\(shown)' cannot be written", error)
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
    ) throws(ProfileError) -> [(file: ProfileFile, isNew: Bool)] {
        try write { directory throws(ProfileError) in
            let steps = try plan(imports, replacing: replacing, in: directory)
            try Self.stage(steps, in: directory)
            try commit(steps, in: directory)
            var results: [(file: ProfileFile, isNew: Bool)] = []
            for step in steps { results.append((try file(of: step.id, in: directory), step.isNew)) }
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
            let temporaryName = Self.stagePrefix + String(steps.count)
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

    /// What the names of files that wait for their own start with.
    private static let stagePrefix = ProfileFileName.temporaryPrefix + "import-"

    private static func stage(_ steps: [Step], in directory: borrowing DirectoryHandle) throws(ProfileError) {
        for step in steps where !step.isIdle {
            do {
                try AtomicFile(step.bytes, temporaryName: step.temporaryName)
                    .writeTemporary(keeping: step.replaced?.content.status, in: directory)
            } catch {
                unstage(steps, in: directory)
                throw ProfileError("'\(directory.display(step.fileName))' cannot be written", error)
            }
        }
        for step in steps {
            guard let replaced = step.replaced else { continue }
            let status = try? directory.status(of: replaced.fileName)
            guard status?.identity != replaced.content.status.identity else { continue }
            unstage(steps, in: directory)
            throw conflict(about: directory.display(replaced.fileName))
        }
    }

    private static func unstage(_ steps: [Step], in directory: borrowing DirectoryHandle) {
        for step in steps { AtomicFile.remove(step.temporaryName, in: directory) }
    }

    private func commit(_ steps: [Step], in directory: borrowing DirectoryHandle) throws(ProfileError) {
        let link = try activeLink(in: directory)
        for (index, step) in steps.enumerated() where !step.isIdle {
            do {
                try Self.name(step, link, in: directory)
            } catch {
                Self.unstage(steps, in: directory)
                let done = steps.prefix(index).map { "'\($0.id)'" }.joined(separator: ", ")
                let remark = done.isEmpty ? "" : " Already written: \(done)."
                var failure = ProfileError("'\(directory.display(step.fileName))' cannot be written", error)
                failure.message += remark
                throw failure
            }
        }
        do {
            try directory.synchronize()
        } catch {
            throw ProfileError("The directory '\(path.escapedForDisplay)' cannot be written", error)
        }
    }

    /// Gives the content its name, and what pointed at the old file the new one.
    private static func name(
        _ step: Step,
        _ link: ActiveLink,
        in directory: borrowing DirectoryHandle
    ) throws(SystemError) {
        guard step.replaced?.fileName == step.fileName else {
            try AtomicFile.move(step.temporaryName, to: step.fileName, in: directory)
            guard let old = step.replaced?.fileName else { return }
            if case .target(_, old) = link { try ActiveLink.set(step.fileName, in: directory) }
            return AtomicFile.remove(old, in: directory)
        }
        let number = directory.descriptor.number
        guard unsafe renameat(number, step.temporaryName, number, step.fileName) == 0 else {
            throw SystemError("rename")
        }
    }
}
