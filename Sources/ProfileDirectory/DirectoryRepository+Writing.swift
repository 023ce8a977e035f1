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
        try profile.validate()
        let files = try refreshedFiles(in: directory)
        try requireFree(name: profile.name, among: files)
        let taken = Set(files.map(\.id))
        if let wanted, taken.contains(wanted) {
            throw ProfileError(.alreadyExists, "There is a profile '\(wanted)' already.")
        }
        let id = wanted ?? ProfileID(naming: profile.name) { taken.contains($0) }
        let fileName = id.fileNames[0]
        try write(ProfileEncoder.yaml(profile), toNew: fileName, in: directory)
        return try file(of: id, in: directory)
    }

    func write(
        _ bytes: [UInt8],
        toNew fileName: String,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        let shown = directory.display(fileName)
        do {
            try AtomicFile(bytes).create(fileName, in: directory)
        } catch {
            if error.code == EEXIST { throw ProfileError(.alreadyExists, "There is a file '\(shown)' already.") }
            throw ProfileError("'\(shown)' cannot be written", error)
        }
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
        if fileName.hasSuffix(".json"), !Self.isJSON(bytes) {
            try replace(fileName, byNew: id.fileNames[0], holding: bytes, in: directory)
            return try file(of: id, in: directory)
        }
        do {
            try AtomicFile(bytes).replace(fileName, in: directory, expecting: content.status)
        } catch {
            if error.code == ESTALE { throw Self.conflict(about: shown) }
            throw ProfileError("'\(shown)' cannot be written", error)
        }
        return try file(of: id, in: directory)
    }

    /// Whether the text is written as JSON, which a profile's YAML never is unless it was from the start.
    static func isJSON(_ bytes: [UInt8]) -> Bool {
        bytes.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
    }

    /// Puts a file of another name in the place of one that cannot keep its own: an import in JSON that has
    /// become YAML. If it is the active one, the link moves along, and never points at nothing.
    private func replace(
        _ fileName: String,
        byNew newName: String,
        holding bytes: [UInt8],
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        let link = try activeLink(in: directory)
        try write(bytes, toNew: newName, in: directory)
        do {
            if case .target(_, fileName) = link { try ActiveLink.set(newName, in: directory) }
            try remove(fileName, in: directory)
        } catch {
            throw ProfileError("'\(directory.display(fileName))' cannot be replaced by '\(newName)'", error)
        }
    }

    private func remove(_ fileName: String, in directory: borrowing DirectoryHandle) throws(SystemError) {
        guard unsafe unlinkat(directory.descriptor.number, fileName, 0) == 0 else { throw SystemError("unlink") }
        try directory.synchronize()
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
            try remove(found.fileName, in: directory)
        } catch {
            throw ProfileError("'\(directory.display(found.fileName))' cannot be deleted", error)
        }
    }

    func setActive(
        _ id: ProfileID,
        forced: Bool,
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
        // Before the link moves, for a daemon follows it at once.
        if forced {
            try forceRecord?.write(found.id)
        } else if forceRecord?.read() == found.id {
            try forceRecord?.remove()
        }
        do {
            try ActiveLink.set(found.fileName, in: directory)
        } catch {
            throw ProfileError("'\(directory.display(ProfileFileName.active))' cannot be changed", error)
        }
        if !forced { try forceRecord?.remove() }
    }

    func deactivateAll(in directory: borrowing DirectoryHandle) throws(ProfileError) -> Bool {
        try requireReplaceableLink(in: directory)
        let wasThere: Bool
        do {
            wasThere = try ActiveLink.remove(in: directory)
        } catch {
            throw ProfileError("'\(directory.display(ProfileFileName.active))' cannot be removed", error)
        }
        try forceRecord?.remove()
        return wasThere
    }
}
