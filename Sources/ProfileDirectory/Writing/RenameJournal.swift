import FileWatching
import Glibc
import Profiles

/// What a renaming that takes several steps is about, noted before the first of them, so that the next writer can
/// finish what a crash has interrupted.
///
/// A symbolic link holds the note, since it is there as a whole or not at all.
struct RenameJournal: Hashable {
    var from: String
    var to: String
    /// The digest of what is renamed.
    var digest: ContentDigest

    static let name = ProfileFileName.temporaryPrefix + "rename"

    init(from: String, to: String, digest: ContentDigest) {
        self.from = from
        self.to = to
        self.digest = digest
    }

    /// Reads the note; nil if there is none, or none that can be understood.
    init?(in directory: borrowing DirectoryHandle) throws(SystemError) {
        guard let text = try directory.target(of: Self.name) else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let digest = ContentDigest(parts[2]) else { return nil }
        for name in parts[..<2] {
            guard case .profile = ProfileFileName(name, file: name) else { return nil }
        }
        self.init(from: parts[0], to: parts[1], digest: digest)
    }

    func write(in directory: borrowing DirectoryHandle) throws(SystemError) {
        let number = directory.descriptor.number
        Self.remove(in: directory)
        guard unsafe symlinkat("\(from)/\(to)/\(digest)", number, Self.name) == 0 else { throw SystemError("symlink") }
    }

    static func remove(in directory: borrowing DirectoryHandle) {
        AtomicFile.remove(name, in: directory)
    }

    /// Brings the renaming to its end, wherever it was interrupted.
    ///
    /// The file gets its second name before it loses the first, and `active` moves in between: so the link never
    /// points at nothing.
    func finish(in directory: borrowing DirectoryHandle) throws(SystemError) {
        guard try giveNewName(in: directory) else { return Self.remove(in: directory) }
        if try isActive(in: directory) { try ActiveLink.set(to, in: directory) }
        if let old = try directory.status(of: from), let new = try directory.status(of: to),
            old.identity.isSameFile(as: new.identity)
        {
            guard unsafe unlinkat(directory.descriptor.number, from, 0) == 0 else { throw SystemError("unlink") }
        }
        Self.remove(in: directory)
    }

    /// - Returns: Whether the new name is the renamed file's.
    private func giveNewName(in directory: borrowing DirectoryHandle) throws(SystemError) -> Bool {
        let new = try directory.status(of: to)
        guard let old = try directory.status(of: from) else { return new != nil }
        // Someone has saved one of them as a file of its own: both stay.
        if let new { return old.identity.isSameFile(as: new.identity) }
        guard let content = try? StableRead(from, in: directory), ContentDigest(of: content.bytes) == digest
        else { return false }
        let number = directory.descriptor.number
        if unsafe linkat(number, from, number, to, 0) == 0 { return true }
        // Without hard links the link points at nothing for a moment, for which readers wait.
        guard [EPERM, ENOTSUP, EMLINK, ENOSYS].contains(errno) else { throw SystemError("link") }
        try AtomicFile.move(from, to: to, in: directory)
        return true
    }

    private func isActive(in directory: borrowing DirectoryHandle) throws(SystemError) -> Bool {
        if case .target(_, from) = try ActiveLink(in: directory) { return true }
        return try directory.target(of: ProfileFileName.active) == from
    }

    /// Takes the first steps back after a failure, if the last one has not been reached.
    func undo(in directory: borrowing DirectoryHandle) {
        guard let old = try? directory.status(of: from) else { return }
        if let new = try? directory.status(of: to), old.identity.isSameFile(as: new.identity),
            (try? directory.target(of: ProfileFileName.active)) != to
        {
            AtomicFile.remove(to, in: directory)
        }
        Self.remove(in: directory)
    }
}
