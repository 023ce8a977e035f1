import CLinux
import FileWatching
import Glibc

/// A file that is written as a whole: at every instant its name stands for the old content or the new.
struct AtomicFile {
    /// What must be left when the machine loses power right after the write.
    enum Durability {
        /// The old content or the new.
        case durable
        /// The same once the directory is confirmed, which the caller does at the end of several steps.
        case durableWhenConfirmed
        /// Nothing: the file is written anew whenever it is needed.
        case volatile
    }

    /// The name of the temporary file. One is enough, for writers hold the directory's lock; so a crash
    /// leaves at most this one behind, and the next writer takes it away.
    static let temporaryName = ProfileFileName.temporaryPrefix + "write"

    let bytes: [UInt8]
    let durability: Durability
    let temporaryName: String
    let keepsDisplaced: Bool
    let reusesTemporary: Bool

    /// - Parameters:
    ///   - temporaryName: Another temporary than the usual one, where several files are written at a time.
    ///   - keepsDisplaced: Whether what changes places with the file stays under the temporary name.
    ///   - reusesTemporary: Whether a file that has the temporary name already is written anew. ext4 searches long for
    ///     new inodes where thousands have been freed lately.
    init(
        _ bytes: [UInt8],
        durability: Durability = .durable,
        temporaryName: String = Self.temporaryName,
        keepsDisplaced: Bool = false,
        reusesTemporary: Bool = false
    ) {
        self.bytes = bytes
        self.durability = durability
        self.temporaryName = temporaryName
        self.keepsDisplaced = keepsDisplaced
        self.reusesTemporary = reusesTemporary
    }

    /// Writes a file that must not be there yet.
    ///
    /// - Throws: ``WriteFailure``; `.system` with `EEXIST` if it is there.
    func create(_ name: String, in directory: borrowing DirectoryHandle) throws(WriteFailure) {
        try removingOnFailure(in: directory) { () throws(SystemError) in
            try writeTemporary(like: nil, in: directory)
            try Self.move(temporaryName, to: name, in: directory)
        }
        if durability == .durable { try Self.confirm(directory) }
    }

    /// Writes a file over whatever is there.
    ///
    /// - Throws: ``WriteFailure``.
    func replace(_ name: String, in directory: borrowing DirectoryHandle) throws(WriteFailure) {
        try removingOnFailure(in: directory) { () throws(SystemError) in
            try writeTemporary(like: nil, in: directory)
            try Self.rename(temporaryName, to: name, in: directory)
        }
        if durability == .durable { try Self.confirm(directory) }
    }

    /// Makes what was renamed in the directory survive a loss of power.
    ///
    /// - Throws: `.unconfirmed`: it has happened, and may not last.
    static func confirm(_ directory: borrowing DirectoryHandle) throws(WriteFailure) {
        do {
            try directory.synchronize()
        } catch {
            throw .unconfirmed(error)
        }
    }

    /// Does what comes before the new content has its name, and takes the temporary away if it fails.
    func removingOnFailure(
        in directory: borrowing DirectoryHandle,
        _ body: () throws(SystemError) -> Void
    ) throws(WriteFailure) {
        do {
            try body()
        } catch {
            Self.remove(temporaryName, in: directory)
            throw .system(error)
        }
    }

    /// Writes the temporary file alone.
    ///
    /// - Parameter original: The file whose mode, owner and attributes it shall have.
    func writeTemporary(
        like original: (name: String, status: FileStatus)?,
        in directory: borrowing DirectoryHandle
    ) throws(SystemError) {
        // Nobody reads the content who may not read the original.
        let file = try openTemporary(in: directory, mode: original == nil ? 0o666 : 0o600)
        try write(to: file)
        if let original {
            FileAttributes.copy(from: original.name, in: directory, to: file)
            try Self.apply(original.status, to: file)
        }
        if durability != .volatile, fsync(file.number) != 0 { throw SystemError("fsync") }
    }

    private func openTemporary(
        in directory: borrowing DirectoryHandle,
        mode: mode_t
    ) throws(SystemError) -> Descriptor {
        if reusesTemporary, let file = reopenTemporary(in: directory) { return file }
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        for _ in 0..<3 {
            let number = unsafe openat(directory.descriptor.number, temporaryName, flags, mode)
            if number >= 0 { return Descriptor(owning: number) }
            guard errno == EEXIST else { throw SystemError("open") }
            // Nobody else writes now, so a crash has left it behind.
            guard Self.remove(temporaryName, in: directory) else { throw SystemError("unlink") }
        }
        throw SystemError("open", EBUSY)
    }

    /// The file that has the temporary name, cut to the bytes' size; nil if there is none, or if it is not ours alone.
    private func reopenTemporary(in directory: borrowing DirectoryHandle) -> Descriptor? {
        let flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let number = unsafe openat(directory.descriptor.number, temporaryName, flags)
        guard number >= 0 else { return nil }
        let file = Descriptor(owning: number)
        guard let status = try? FileStatus(of: file), status.kind == .regular, status.linkCount == 1,
            ftruncate(file.number, off_t(bytes.count)) == 0
        else { return nil }
        return file
    }

    private func write(to file: borrowing Descriptor) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file.number, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemError("write") }
            rest = rest.dropFirst(count)
        }
    }

    private static func apply(_ status: FileStatus, to file: borrowing Descriptor) throws(SystemError) {
        let own = try FileStatus(of: file)
        if (own.owner, own.group) != (status.owner, status.group), fchown(file.number, status.owner, status.group) != 0
        {
            // Only root may give files away; a member of the group can at least keep that.
            _ = fchown(file.number, uid_t.max, status.group)
        }
        // Behind fchown, which takes bits away.
        guard fchmod(file.number, status.permissions) == 0 else { throw SystemError("fchmod") }
    }

    /// Gives a file another name, which must be free.
    ///
    /// - Throws: `EEXIST` if it is taken.
    static func move(_ from: String, to name: String, in directory: borrowing DirectoryHandle) throws(SystemError) {
        let number = directory.descriptor.number
        if unsafe millm_rename_without_replacing(number, from, name) == 0 { return }
        guard [EINVAL, ENOSYS].contains(errno) else { throw SystemError("rename") }
        // This file system or kernel cannot do it in one step; a second name does not replace either.
        guard unsafe linkat(number, from, number, name, 0) == 0 else { throw SystemError("link") }
        guard unsafe unlinkat(number, from, 0) == 0 else { throw SystemError("unlink") }
    }

    /// Gives a file another name, and takes that from whatever has it.
    static func rename(_ from: String, to name: String, in directory: borrowing DirectoryHandle) throws(SystemError) {
        let number = directory.descriptor.number
        guard unsafe renameat(number, from, number, name) == 0 else { throw SystemError("rename") }
    }

    /// Removes what may be there. A failure shows when the name is needed again.
    ///
    /// - Returns: Whether nothing is there now; if not, `errno` tells why.
    @discardableResult
    static func remove(_ name: String, in directory: borrowing DirectoryHandle) -> Bool {
        let number = directory.descriptor.number
        if unsafe unlinkat(number, name, 0) == 0 || errno == ENOENT { return true }
        return unsafe errno == EISDIR && unlinkat(number, name, AT_REMOVEDIR) == 0
    }
}
