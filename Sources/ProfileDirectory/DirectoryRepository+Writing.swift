import FileWatching
import Glibc
import Profiles

extension DirectoryRepository {
    /// Does something as the directory's only writer.
    func write<Result>(
        _ body: (borrowing DirectoryHandle) throws(ProfileError) -> Result
    ) throws(ProfileError) -> Result {
        let directory = try open()
        let lock: DirectoryLock
        do {
            lock = try DirectoryLock(directory)
        } catch {
            guard error.code == EWOULDBLOCK else {
                throw ProfileError("The directory '\(path.escapedForDisplay)' cannot be locked", error)
            }
            throw ProfileError(
                .inputOutput,
                "Another program is writing in '\(path.escapedForDisplay)' and does not come to an end. Try again."
            )
        }
        return try lock.hold { () throws(ProfileError) in try body(directory) }
    }

    func create(
        _ profile: Profile,
        id wanted: ProfileID?,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> ProfileFile {
        let files = try refreshedFiles(in: directory)
        try requireFree(name: profile.name, among: files)
        let taken = Set(files.map(\.id))
        if let wanted, taken.contains(wanted) {
            throw ProfileError(.alreadyExists, "There is a profile '\(wanted)' already.")
        }
        let id = wanted ?? ProfileID(naming: profile.name) { taken.contains($0) }
        let fileName = id.fileNames[0]
        let bytes = ProfileEncoder.yaml(profile)
        try requireValid(bytes, file: directory.display(fileName))
        do {
            try AtomicFile(bytes).create(fileName, in: directory)
        } catch {
            if error.code == EEXIST {
                throw ProfileError(.alreadyExists, "There is a file '\(directory.display(fileName))' already.")
            }
            throw ProfileError("'\(directory.display(fileName))' cannot be written", error)
        }
        return try file(of: id, in: directory)
    }

    func update(
        _ id: ProfileID,
        _ changes: ProfileChanges,
        expecting expected: ContentDigest?,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> ProfileFile {
        let (fileName, content) = try contentToChange(of: id, expecting: expected, in: directory)
        if let name = changes.name {
            try requireFree(name: name, among: refreshedFiles(in: directory).filter { $0.id != id })
        }
        let shown = directory.display(fileName)
        let bytes = try ProfileEditor.apply(changes, to: content.bytes, file: shown)
        guard bytes != content.bytes else { return try file(of: id, in: directory) }
        try requireValid(bytes, file: shown)
        do {
            try AtomicFile(bytes).replace(fileName, in: directory, expecting: content.status)
        } catch {
            if error.code == ESTALE { throw Self.conflict(about: shown) }
            throw ProfileError("'\(shown)' cannot be written", error)
        }
        return try file(of: id, in: directory)
    }

    func delete(
        _ id: ProfileID,
        expecting expected: ContentDigest?,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        let found = try file(of: id, in: directory)
        try require(expected, of: found, in: directory)
        if case .target(id, _) = try activeLink(in: directory) {
            throw ProfileError(.active, "'\(id)' is the active profile. Deactivate it or activate another one first.")
        }
        do {
            guard unsafe unlinkat(directory.descriptor.number, found.fileName, 0) == 0 else { throw SystemError("unlink") }
            try directory.synchronize()
        } catch let error as SystemError {
            throw ProfileError("'\(directory.display(found.fileName))' cannot be deleted", error)
        } catch {
            preconditionFailure("typed above")
        }
    }

    func setActive(
        _ id: ProfileID,
        evenIfInvalid: Bool,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        let found = try file(of: id, in: directory)
        guard evenIfInvalid || found.profile != nil else {
            throw ProfileError(
                .invalidFormat,
                "'\(directory.display(found.fileName))' is no valid profile, so it cannot be activated.",
                diagnostics: found.diagnostics
            )
        }
        try requireReplaceableLink(in: directory)
        do {
            try ActiveLink.set(found.fileName, in: directory)
        } catch {
            throw ProfileError("'\(directory.display(ProfileFileName.active))' cannot be changed", error)
        }
    }

    func deactivateAll(in directory: borrowing DirectoryHandle) throws(ProfileError) -> Bool {
        try requireReplaceableLink(in: directory)
        do {
            return try ActiveLink.remove(in: directory)
        } catch {
            throw ProfileError("'\(directory.display(ProfileFileName.active))' cannot be removed", error)
        }
    }
}

// What must hold before something is changed.

extension DirectoryRepository {
    /// The file of an id and what it holds, ready to be changed.
    private func contentToChange(
        of id: ProfileID,
        expecting expected: ContentDigest?,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> (fileName: String, content: StableRead) {
        let found = try file(of: id, in: directory)
        let shown = directory.display(found.fileName)
        if let twin = found.diagnostics.first(where: { $0.code == .duplicateID }) {
            throw ProfileError(.invalidFormat, twin.sentence, diagnostics: [twin])
        }
        if let target = try? directory.target(of: found.fileName) {
            throw ProfileError(
                .inputOutput,
                "'\(shown)' is a link to '\(target.escapedForDisplay)'. Change the file there, or replace the link by a file."
            )
        }
        do {
            let content = try StableRead(found.fileName, in: directory)
            if let expected, ContentDigest(of: content.bytes) != expected { throw Self.conflict(about: shown) }
            return (found.fileName, content)
        } catch let error as ProfileError {
            throw error
        } catch let failure as ReadFailure {
            let finding = failure.diagnostic(for: shown)
            throw ProfileError(.inputOutput, finding.sentence, diagnostics: [finding], cause: failure)
        } catch {
            preconditionFailure("typed above")
        }
    }

    private func require(
        _ expected: ContentDigest?,
        of file: ProfileFile,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        guard let expected, expected != file.digest else { return }
        throw Self.conflict(about: directory.display(file.fileName))
    }

    private static func conflict(about file: String) -> ProfileError {
        ProfileError(.conflict, "'\(file)' has been changed since it was read. Nothing was written; read it again.")
    }

    private func requireFree(name: String, among files: [ProfileFile]) throws(ProfileError) {
        guard let other = files.first(where: { $0.profile?.name == name }) else { return }
        throw ProfileError(
            .alreadyExists,
            "The name '\(name.escapedForDisplay)' belongs to the profile '\(other.id)' already."
        )
    }

    private func requireValid(_ bytes: [UInt8], file: String) throws(ProfileError) {
        let decoded = ProfileDecoder.decode(bytes, file: file)
        guard decoded.profile == nil else { return }
        let message = decoded.diagnostics.first?.sentence ?? "These values make no valid profile."
        throw ProfileError(.invalidValue, message, diagnostics: decoded.diagnostics)
    }

    private func requireReplaceableLink(in directory: borrowing DirectoryHandle) throws(ProfileError) {
        let finding: Diagnostic?
        do {
            finding = try ActiveLink.blocking(in: directory)
        } catch {
            throw ProfileError("'\(directory.display(ProfileFileName.active))' cannot be read", error)
        }
        if let finding { throw ProfileError(.activeLinkBroken, finding.sentence, diagnostics: [finding]) }
    }
}
