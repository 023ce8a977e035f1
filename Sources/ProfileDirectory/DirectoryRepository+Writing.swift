import FileWatching
import Glibc
import Profiles

extension DirectoryRepository {
    /// How long programs that do not ask for the lock may get in the way of a change; a save takes milliseconds.
    private static let persistence = Duration.seconds(1)

    /// Does something as the directory's only writer, and again from the start where a program that does not ask for
    /// the lock got in the way.
    ///
    /// - Parameters:
    ///   - patience: How long to wait for another writer; nil takes the repository's own.
    ///   - isConditional: Whether it is based on what the caller has read, so that a change by others is a conflict.
    func write<Result>(
        patience: Duration? = nil,
        conditionally isConditional: Bool = false,
        _ body: (borrowing DirectoryHandle) throws(ProfileError) -> Result
    ) async throws(ProfileError) -> Result {
        let deadline = ContinuousClock.now + Self.persistence
        var pause = Duration.milliseconds(1)
        while true {
            do throws(ProfileError) {
                return try await writeOnce(patience: patience ?? self.patience, body)
            } catch {
                guard error.code == .inUse || error.code == .conflict && !isConditional else { throw error }
                guard .now < deadline, !Task.isCancelled else { throw error.afterAllAttempts }
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(50))
        }
    }

    /// Who reads need not wait until it may write.
    private func writeOnce<Result>(
        patience: Duration,
        _ body: (borrowing DirectoryHandle) throws(ProfileError) -> Result
    ) async throws(ProfileError) -> Result {
        let directory = try openAsItIs()
        let lock: DirectoryLock
        do {
            lock = try await DirectoryLock.whenFree(directory, patience: patience)
        } catch {
            guard error.code == EWOULDBLOCK else {
                throw ProfileError("The directory '\(path.escapedForDisplay)' cannot be locked", error)
            }
            let holder = DirectoryLock.holder(of: directory).map { " (\($0))" } ?? ""
            throw ProfileError(
                .busy,
                "Another program\(holder) is writing in '\(path.escapedForDisplay)' and does not come to an end. Try again."
            )
        }
        // The path may lead elsewhere since, as after git-sync's swap.
        guard try isThere(directory) else {
            _ = consume lock
            return try await writeOnce(patience: patience, body)
        }
        return try lock.hold { () throws(ProfileError) in
            if let finding = daemonLock?.claim(directory) {
                let message = "\(finding.sentence) Nothing was written."
                throw ProfileError(.directoryTaken, message, diagnostics: [finding])
            }
            do throws(SystemError) {
                try finishInterrupted(in: directory)
            } catch {
                let what = "What an interrupted program has left in '\(path.escapedForDisplay)' cannot be cleared away"
                throw ProfileError(what, error)
            }
            return try body(directory)
        }
    }

    private func isThere(_ directory: borrowing DirectoryHandle) throws(ProfileError) -> Bool {
        let now = try openAsItIs()
        do throws(SystemError) {
            return try DirectoryIdentity(FileStatus(of: now.descriptor))
                .isSame(asHeldOpen: DirectoryIdentity(FileStatus(of: directory.descriptor)))
        } catch {
            throw ProfileError("The directory '\(path.escapedForDisplay)' cannot be read", error)
        }
    }

    func create(
        _ profile: Profile,
        id wanted: ProfileID?,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> ProfileFile {
        try profile.validate()
        try requireFree(name: profile.name, besides: nil, in: directory)
        if let wanted, snapshot.names.byID[wanted] != nil {
            throw ProfileError(.alreadyExists, "There is a profile '\(wanted)' already.")
        }
        let id = wanted ?? ProfileID(naming: profile.name) { snapshot.names.byID[$0] != nil }
        let fileName = id.fileNames[0]
        let bytes = ProfileEncoder.yaml(profile)
        try write(bytes, toNew: fileName, in: directory)
        return written(bytes, to: fileName, id: id, in: directory)
    }

    /// A file as this program has just written it, whatever others have made of it since.
    func written(
        _ bytes: [UInt8],
        to fileName: String,
        id: ProfileID,
        in directory: borrowing DirectoryHandle
    ) -> ProfileFile {
        let digest = ContentDigest(of: bytes)
        if let file = try? file(of: id, in: directory), file.digest == digest { return file }
        let shown = directory.display(fileName)
        let now = Timestamp.now()
        return ProfileFile(
            id: id,
            fileName: fileName,
            path: shown,
            digest: digest,
            createdAt: now,
            updatedAt: now,
            decoded: ProfileDecoder.decode(bytes, file: shown)
        )
    }

    func write(
        _ bytes: [UInt8],
        toNew fileName: String,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        let shown = directory.display(fileName)
        remember(bytes, as: fileName)
        do {
            try AtomicFile(bytes).create(fileName, in: directory)
        } catch {
            if case .system(let error) = error, error.code == EEXIST {
                throw ProfileError(.alreadyExists, "There is a file '\(shown)' already.")
            }
            throw ProfileError(writing: shown, basedOn: nil, error)
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
            try requireFree(name: name, besides: fileName, in: directory)
        }
        let shown = directory.display(fileName)
        let bytes = try ProfileEditor.apply(changes, to: content.bytes, file: shown)
        guard bytes != content.bytes else { return written(bytes, to: fileName, id: id, in: directory) }
        let write = Self.edit(of: fileName, holding: content, to: bytes, id: id)
        try carryOut([write], in: directory)
        return written(bytes, to: write.fileName, id: id, in: directory)
    }

    /// Whether the text is written as JSON, which a profile's YAML never is unless it was from the start.
    static func isJSON(_ bytes: [UInt8]) -> Bool {
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        return text.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
    }

    func delete(
        _ id: ProfileID,
        named fileName: String? = nil,
        expecting expected: ContentDigest?,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        let found = try file(of: id, named: fileName, in: directory)
        if fileName == nil { try requireNoTwin(of: found) }
        try require(expected, of: found, in: directory)
        let trace = try activeTrace(in: directory)
        try requireInactive(id, in: found.fileName, asFile: fileName != nil, in: directory)
        let shown = directory.display(found.fileName)
        do {
            guard let content = try? StableRead(found.fileName, in: directory),
                try directory.target(of: found.fileName) == nil
            else {
                // A link, or what cannot be read: there are no bytes that could be lost.
                try remove(found.fileName, in: directory)
                return try AtomicFile.confirm(directory)
            }
            // A disk without room for it must not stand in the way of making some.
            try? keepDisplaced(content.bytes, of: found.fileName)
            try takeAway(found.fileName, holding: content, in: directory)
            guard try ActiveLink.trace(in: directory) == trace else {
                // It may have become the active one just now.
                try AtomicFile.move(AtomicFile.temporaryName, to: found.fileName, in: directory)
                return try delete(id, named: fileName, expecting: expected, in: directory)
            }
            AtomicFile.remove(AtomicFile.temporaryName, in: directory)
            try AtomicFile.confirm(directory)
        } catch let error as ProfileError {
            throw error
        } catch let failure as WriteFailure {
            throw ProfileError(writing: shown, basedOn: found.digest, failure)
        } catch let error as SystemError {
            throw ProfileError("'\(shown)' cannot be deleted", error)
        } catch {
            preconditionFailure("typed above")
        }
    }

    /// Takes a file's name away, if it still holds what was read.
    func takeAway(
        _ fileName: String,
        holding content: StableRead,
        in directory: borrowing DirectoryHandle
    ) throws {
        let temporary = AtomicFile.temporaryName
        try AtomicFile.move(fileName, to: temporary, in: directory)
        var reason = WriteFailure.changed(found: nil)
        do {
            let taken = try StableRead(temporary, in: directory)
            if taken.bytes == content.bytes, !taken.isBeingWritten { return }
            reason = taken.isBeingWritten ? .inUse : .changed(found: ContentDigest(of: taken.bytes))
        } catch {
            if case .system(let error) = error { reason = .system(error) }
        }
        do throws(SystemError) {
            try AtomicFile.move(temporary, to: fileName, in: directory)
        } catch {
            // Someone has saved a new one by now.
            rescue(temporary, of: fileName, in: directory)
        }
        throw reason
    }

    /// - Parameter isMeantAsFile: Whether another file with the same id may be the active one.
    /// - Throws: `.active` if the profile is the active one, or the link that is the active one leads to its file.
    func requireInactive(
        _ id: ProfileID,
        in fileName: String,
        asFile isMeantAsFile: Bool,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        guard case .target(let active, let activeName) = try activeLink(in: directory) else { return }
        if active == id, !isMeantAsFile || FileName(activeName) == FileName(fileName) {
            throw ProfileError(.active, "'\(id)' is the active profile. Deactivate it or activate another one first.")
        }
        do {
            guard try directory.leads(activeName, through: fileName) else { return }
        } catch {
            throw ProfileError("'\(directory.display(activeName))' cannot be read", error)
        }
        let message = "'\(active)' is the active profile, and its file is a link to '\(directory.display(fileName))'."
        throw ProfileError(.active, message + " Deactivate it or activate another one first.")
    }

    func remove(_ fileName: String, in directory: borrowing DirectoryHandle) throws(SystemError) {
        guard unsafe unlinkat(directory.descriptor.number, fileName, 0) == 0 else { throw SystemError("unlink") }
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
        // Before the link moves, for a daemon follows it at once; and what it leaves behind counts until then.
        let others = forceRecord?.read().filter { $0 != found.id } ?? []
        if forced {
            try forceRecord?.write(others + [found.id])
        } else if forceRecord?.forces(found.id) == true {
            try others.isEmpty ? forceRecord?.remove() : forceRecord?.write(others)
        }
        try activate(found.fileName, in: directory)
        if !forced {
            try forceRecord?.remove()
        } else if !others.isEmpty {
            try forceRecord?.write([found.id])
        }
    }

    /// - Parameter trace: What `active` has to be; nil removes it whatever it is.
    func deactivateAll(
        _ trace: String? = nil,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> Bool {
        try requireReplaceableLink(in: directory)
        let wasThere: Bool
        do {
            wasThere = try ActiveLink.remove(trace, in: directory)
        } catch {
            if error.code == ESTALE { throw linkConflict(in: directory) }
            throw ProfileError("'\(directory.display(ProfileFileName.active))' cannot be removed", error)
        }
        forget(nil, in: directory)
        try forceRecord?.remove()
        return wasThere
    }
}

extension ProfileError {
    /// The error when attempts have gone on for long enough.
    fileprivate var afterAllAttempts: ProfileError {
        var error = self
        if code == .conflict {
            error.message += " It was tried again and again; each time another program was faster."
        } else if let programs = (cause as? FileInUse)?.programs, !programs.isEmpty {
            error.message += " Close it in \(programs.joined(separator: ", ")), and try again."
        } else {
            error.message += " Close it there, and try again."
        }
        return error
    }
}
