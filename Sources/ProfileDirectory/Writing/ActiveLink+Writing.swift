import FileWatching
import Glibc
import Profiles

extension ActiveLink {
    static let temporaryName = ProfileFileName.temporaryPrefix + "active"

    /// Points `active` at a file of the directory. Whoever looks sees the old link or the new one.
    ///
    /// The caller holds the directory's lock. Who saves at `active` does not ask for it, so what was there is looked at
    /// once it has given way.
    ///
    /// - Parameters:
    ///   - trace: What tells the content that may give way, as it is kept elsewhere; see ``trace(of:in:)``.
    ///   - isStep: Whether it is one of several steps: the caller confirms the directory at their end, and what `active`
    ///     was stays under the temporary name until then, for ``putBack(_:in:)``.
    /// - Throws: `ESTALE` if something is there that would be lost; then it stays.
    static func set(
        _ fileName: String,
        over trace: String? = nil,
        in directory: borrowing DirectoryHandle,
        asStep isStep: Bool = false
    ) throws(SystemError) {
        let number = directory.descriptor.number
        // What a crash has left behind, for nobody else writes now.
        AtomicFile.remove(temporaryName, in: directory)
        guard unsafe symlinkat(fileName, number, temporaryName) == 0 else {
            guard [EPERM, ENOTSUP, ENOSYS].contains(errno) else { throw SystemError("symlink") }
            // A file system without symbolic links (FAT, FUSE): a file that holds the name is understood, too.
            return try writeFile(fileName, in: directory)
        }
        do {
            try takePlace(over: trace, in: directory)
        } catch {
            AtomicFile.remove(temporaryName, in: directory)
            throw error
        }
        guard !isStep else { return }
        AtomicFile.remove(temporaryName, in: directory)
        try directory.synchronize()
    }

    /// Gives the new link its name.
    private static func takePlace(over trace: String?, in directory: borrowing DirectoryHandle) throws(SystemError) {
        let active = ProfileFileName.active
        guard try directory.status(of: active) != nil else {
            do {
                return try AtomicFile.move(temporaryName, to: active, in: directory)
            } catch {
                throw error.code == EEXIST ? SystemError("rename", ESTALE) : error
            }
        }
        guard try AtomicFile.exchange(temporaryName, with: active, in: directory) else {
            guard try mayGo(active, trace, in: directory) else { throw SystemError("rename", ESTALE) }
            return try AtomicFile.rename(temporaryName, to: active, in: directory)
        }
        guard try mayGo(temporaryName, trace, in: directory) else {
            _ = try AtomicFile.exchange(temporaryName, with: active, in: directory)
            throw SystemError("rename", ESTALE)
        }
    }

    /// Whether nothing is lost with what lies under a name: it is a link, holds an id, or is what is known already.
    static func mayGo(
        _ name: String,
        _ trace: String?,
        in directory: borrowing DirectoryHandle
    ) throws(SystemError) -> Bool {
        guard let found = try Self.trace(of: name, in: directory), try directory.target(of: name) == nil else {
            return true
        }
        if found == trace { return true }
        guard let content = try? StableRead(name, in: directory) else { return false }
        return idText(content.bytes) != nil
    }

    /// Makes `active` again what it was before a step, a file that holds the id, say; or else a link to a file.
    static func putBack(_ fileName: String, in directory: borrowing DirectoryHandle) throws(SystemError) {
        guard try directory.status(of: temporaryName) != nil else {
            return try set(fileName, in: directory, asStep: true)
        }
        try AtomicFile.rename(temporaryName, to: ProfileFileName.active, in: directory)
    }

    private static func writeFile(_ fileName: String, in directory: borrowing DirectoryHandle) throws(SystemError) {
        do {
            try AtomicFile(Array((fileName + "\n").utf8)).replace(ProfileFileName.active, in: directory)
        } catch .system(let error) {
            throw error
        } catch .unconfirmed(let error) {
            throw error
        } catch {
            preconditionFailure("nothing was expected to be there")
        }
    }

    /// Removes `active`.
    ///
    /// - Parameter trace: What it has to be, as ``trace(of:in:)`` tells; nil removes whatever is no loss.
    /// - Returns: Whether there was something.
    /// - Throws: `ESTALE` if it is something else; then it stays.
    static func remove(
        _ trace: String? = nil,
        in directory: borrowing DirectoryHandle
    ) throws(SystemError) -> Bool {
        do {
            try AtomicFile.rename(ProfileFileName.active, to: temporaryName, in: directory)
        } catch {
            guard error.code == ENOENT else { throw error }
            return false
        }
        let isWanted =
            if let trace { try Self.trace(of: temporaryName, in: directory) == trace } else {
                try mayGo(temporaryName, nil, in: directory)
            }
        guard isWanted else {
            // Unless there is a newer one.
            try? AtomicFile.move(temporaryName, to: ProfileFileName.active, in: directory)
            throw SystemError("rename", ESTALE)
        }
        AtomicFile.remove(temporaryName, in: directory)
        try directory.synchronize()
        return true
    }

    /// Whether `active` leads to a file of the directory, there or not.
    static func names(_ fileName: String, in directory: borrowing DirectoryHandle) throws(SystemError) -> Bool {
        if let text = try directory.target(of: ProfileFileName.active), FileName(text) == FileName(fileName) {
            return true
        }
        guard case .target(_, let name) = try ActiveLink(in: directory) else { return false }
        return FileName(name) == FileName(fileName)
    }

    /// What tells one `active` from another: the link's text, or the digest of the file that stands there; nil if there
    /// is nothing.
    ///
    /// - Parameter name: The name under which it lies.
    static func trace(
        of name: String = ProfileFileName.active,
        in directory: borrowing DirectoryHandle
    ) throws(SystemError) -> String? {
        if let target = try directory.target(of: name) { return target }
        guard let status = try directory.status(of: name) else { return nil }
        let content = try? StableRead(name, in: directory)
        return content.map { ContentDigest(of: $0.bytes).description } ?? status.kind.rawValue
    }

    /// Why `active` must not be replaced or removed: it holds something that would be lost.
    ///
    /// A symbolic link holds nothing but its target, so a broken one may always go.
    static func blocking(in directory: borrowing DirectoryHandle) throws(SystemError) -> Diagnostic? {
        guard case .broken(let finding) = try ActiveLink(in: directory) else { return nil }
        return finding.code == .activeNotALink || finding.code == .activeSpecialFile ? finding : nil
    }
}
