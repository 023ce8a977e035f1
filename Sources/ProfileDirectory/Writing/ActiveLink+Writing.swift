import FileWatching
import Glibc
import Profiles

extension ActiveLink {
    static let temporaryName = ProfileFileName.temporaryPrefix + "active"

    /// Points `active` at a file of the directory. Whoever looks sees the old link or the new one.
    ///
    /// The caller holds the directory's lock, and has seen that nothing is lost: see ``blocking(in:)``.
    ///
    /// - Parameter isConfirmed: False if the caller confirms the directory at the end of several steps.
    static func set(
        _ fileName: String,
        in directory: borrowing DirectoryHandle,
        isConfirmed: Bool = true
    ) throws(SystemError) {
        let number = directory.descriptor.number
        // What a crash has left behind, for nobody else writes now.
        AtomicFile.remove(temporaryName, in: directory)
        guard unsafe symlinkat(fileName, number, temporaryName) == 0 else {
            guard errno == EPERM || errno == ENOTSUP else { throw SystemError("symlink") }
            // A file system without symbolic links (FAT): a file that holds the name is understood, too.
            return try writeFile(fileName, in: directory)
        }
        guard unsafe renameat(number, temporaryName, number, ProfileFileName.active) == 0 else {
            let error = SystemError("rename")
            AtomicFile.remove(temporaryName, in: directory)
            throw error
        }
        if isConfirmed { try directory.synchronize() }
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
    /// - Returns: Whether there was something.
    static func remove(in directory: borrowing DirectoryHandle) throws(SystemError) -> Bool {
        guard unsafe unlinkat(directory.descriptor.number, ProfileFileName.active, 0) == 0 else {
            guard errno == ENOENT else { throw SystemError("unlink") }
            return false
        }
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
    static func trace(in directory: borrowing DirectoryHandle) throws(SystemError) -> String? {
        if let target = try directory.target(of: ProfileFileName.active) { return target }
        guard let status = try directory.status(of: ProfileFileName.active) else { return nil }
        let content = try? StableRead(ProfileFileName.active, in: directory)
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
