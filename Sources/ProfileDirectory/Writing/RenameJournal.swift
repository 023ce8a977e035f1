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
    /// The digest of the new content, which the file gets before its name; nil if the content stays.
    var edited: ContentDigest?

    static let name = ProfileFileName.temporaryPrefix + "rename"

    private static let unedited = "unedited"

    init(from: String, to: String, edited: ContentDigest?) {
        self.from = from
        self.to = to
        self.edited = edited
    }

    /// Reads the note; nil if there is none, or none that can be understood.
    init?(in directory: borrowing DirectoryHandle) throws(SystemError) {
        guard let text = try directory.target(of: Self.name) else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 else { return nil }
        let edited = ContentDigest(parts[2])
        guard edited != nil || parts[2] == Self.unedited else { return nil }
        for name in parts[..<2] {
            guard case .profile = ProfileFileName(name, file: name) else { return nil }
        }
        self.init(from: parts[0], to: parts[1], edited: edited)
    }

    func write(in directory: borrowing DirectoryHandle) throws(SystemError) {
        let number = directory.descriptor.number
        Self.remove(in: directory)
        let text = "\(from)/\(to)/\(edited?.description ?? Self.unedited)"
        guard unsafe symlinkat(text, number, Self.name) == 0 else { throw SystemError("symlink") }
    }

    static func remove(in directory: borrowing DirectoryHandle) {
        AtomicFile.remove(name, in: directory)
    }

    /// Brings a renaming to its end that was interrupted, or takes it back if it had not begun.
    func recover(in directory: borrowing DirectoryHandle) throws(SystemError) {
        if try directory.status(of: to) == nil {
            guard let edited, let content = try? StableRead(from, in: directory),
                ContentDigest(of: content.bytes) == edited
            else { return Self.remove(in: directory) }
        }
        try finish(in: directory)
    }

    /// Does what is left to do.
    ///
    /// The file gets its second name before it loses the first, and `active` moves in between: so the link never
    /// points at nothing. A disk that does not confirm one step must not stop the others: the caller confirms all.
    func finish(in directory: borrowing DirectoryHandle) throws(SystemError) {
        guard try giveNewName(in: directory) else { return Self.remove(in: directory) }
        if try isActive(in: directory) { try ActiveLink.set(to, in: directory, isConfirmed: false) }
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

    /// Takes the first steps back after a failure, if the link has not moved; else the next writer does the rest.
    ///
    /// - Returns: Whether the file has its old name alone.
    @discardableResult
    func undo(in directory: borrowing DirectoryHandle) -> Bool {
        guard let old = try? directory.status(of: from) else { return false }
        if let new = try? directory.status(of: to), old.identity.isSameFile(as: new.identity) {
            guard (try? directory.target(of: ProfileFileName.active)) != to else { return false }
            AtomicFile.remove(to, in: directory)
        }
        Self.remove(in: directory)
        return (try? directory.status(of: to)) == nil
    }
}
