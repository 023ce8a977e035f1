import CLinux
import FileWatching
import Glibc
import Profiles

// Compare and write: the comparison comes after the exchange, when what was there cannot change its place any more.

extension AtomicFile {
    /// How often two programs may get in each other's way before the newest content is left in place.
    private static let patience = 10

    /// Writes a file over the one whose content the new one is based on; mode, owner and attributes stay.
    ///
    /// The two files change places in one step, and then the displaced one is compared with what was expected. If it
    /// is something else, or a program is still writing to it, they change back. So a save that comes between the
    /// reading and the writing is never lost, however close it is.
    ///
    /// - Parameters:
    ///   - base: The content that the new one is based on.
    ///   - keep: Takes a file of the directory away to where it is not lost. It is called if a third program saved
    ///     while the exchange was undone, so that the name has room for the newest content alone.
    /// - Throws: ``WriteFailure``; after `.changed` and `.system` the file is what others made it.
    func replace(
        _ name: String,
        in directory: borrowing DirectoryHandle,
        basedOn base: StableRead,
        keep: (_ temporaryName: String) -> Void
    ) throws(WriteFailure) {
        try removingOnFailure(in: directory) { () throws(SystemError) in
            try writeTemporary(like: (name, base.status), in: directory)
        }
        try exchange(with: name, in: directory, basedOn: base, keep: keep)
    }

    /// Puts the temporary file, which has been written, in the place of the file that it is based on.
    ///
    /// - Throws: ``WriteFailure``; after `.changed` and `.system` the file is what others made it.
    func exchange(
        with name: String,
        in directory: borrowing DirectoryHandle,
        basedOn base: StableRead,
        keep: (_ temporaryName: String) -> Void
    ) throws(WriteFailure) {
        // The exchange would show the new content for a moment even where it cannot stay.
        if let content = try? StableRead(name, in: directory), content.bytes != base.bytes {
            Self.remove(temporaryName, in: directory)
            throw .changed(found: ContentDigest(of: content.bytes))
        }
        let own = try? FileStatus(of: temporaryName, in: directory.descriptor).identity
        do throws(SystemError) {
            if try Self.exchange(temporaryName, with: name, in: directory) {
                try takeAwayDisplaced(by: own, at: name, in: directory, basedOn: base)
            } else {
                try replaceWithoutExchange(name, in: directory, basedOn: base)
            }
        } catch {
            release(unless: own, in: directory, keep: keep)
            // Someone has removed it, or renamed it to save under its name.
            if error.code == ENOENT { throw .changed(found: nil) }
            if error.code == ESTALE { throw .changed(found: Self.digest(of: name, in: directory)) }
            if error.code == ETXTBSY { throw .inUse }
            throw .system(error)
        }
        if durability == .durable { try Self.confirm(directory) }
    }

    /// Removes this program's own temporary; what else may have come under its name is kept.
    private func release(
        unless own: FileStatus.Identity?,
        in directory: borrowing DirectoryHandle,
        keep: (String) -> Void
    ) {
        guard let found = try? FileStatus(of: temporaryName, in: directory.descriptor).identity else { return }
        if let own, !found.isSameFile(as: own) { keep(temporaryName) }
        Self.remove(temporaryName, in: directory)
    }

    /// Lets two names change places in one step.
    ///
    /// - Returns: False where the file system or the kernel cannot do it.
    static func exchange(
        _ one: String,
        with other: String,
        in directory: borrowing DirectoryHandle
    ) throws(SystemError) -> Bool {
        if unsafe millm_rename_exchanging(directory.descriptor.number, one, other) == 0 { return true }
        guard [EINVAL, ENOSYS, ENOTSUP].contains(errno) else { throw SystemError("rename") }
        return false
    }

    /// Removes what the exchange has displaced, if that is what was expected; else changes it back.
    ///
    /// - Throws: `ESTALE` if it is something else; `ETXTBSY` if a program may still write to it; why it cannot be read,
    ///   if it cannot.
    private func takeAwayDisplaced(
        by own: FileStatus.Identity?,
        at name: String,
        in directory: borrowing DirectoryHandle,
        basedOn base: StableRead
    ) throws(SystemError) {
        var reason = SystemError("rename", ESTALE)
        do throws(ReadFailure) {
            let displaced = try StableRead(temporaryName, in: directory)
            if displaced.bytes == base.bytes {
                guard displaced.isBeingWritten else {
                    if !keepsDisplaced { Self.remove(temporaryName, in: directory) }
                    return
                }
                reason = SystemError("rename", ETXTBSY)
            }
        } catch {
            if case .system(let error) = error { reason = error }
        }
        for _ in 0..<Self.patience {
            let before = try FileStatus(of: temporaryName, in: directory.descriptor).identity
            do {
                _ = try Self.exchange(temporaryName, with: name, in: directory)
            } catch {
                // The name has gone meanwhile: nothing is in the way of what was displaced.
                guard error.code == ENOENT else { throw error }
                try Self.move(temporaryName, to: name, in: directory)
                break
            }
            let after = try FileStatus(of: temporaryName, in: directory.descriptor).identity
            if let own, after.isSameFile(as: own) { break }
            // Someone has saved over what this program wrote: that is newer than what has just been put back.
            _ = try Self.exchange(temporaryName, with: name, in: directory)
            if try FileStatus(of: temporaryName, in: directory.descriptor).identity.isSameFile(as: before) { break }
        }
        throw reason
    }

    /// Where two files cannot change places, the last look comes right before the renaming.
    private func replaceWithoutExchange(
        _ name: String,
        in directory: borrowing DirectoryHandle,
        basedOn base: StableRead
    ) throws(SystemError) {
        let content: StableRead
        do {
            content = try StableRead(name, in: directory)
        } catch .system(let error) {
            throw error
        } catch {
            throw SystemError("rename", ESTALE)
        }
        guard content.bytes == base.bytes else { throw SystemError("rename", ESTALE) }
        guard !content.isBeingWritten else { throw SystemError("rename", ETXTBSY) }
        try Self.rename(temporaryName, to: name, in: directory)
    }

    private static func digest(of name: String, in directory: borrowing DirectoryHandle) -> ContentDigest? {
        guard let content = try? StableRead(name, in: directory), !content.isBeingWritten else { return nil }
        return ContentDigest(of: content.bytes)
    }
}
