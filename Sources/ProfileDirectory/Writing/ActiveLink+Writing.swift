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

    /// Why `active` must not be replaced or removed: it holds something that would be lost.
    ///
    /// A symbolic link holds nothing but its target, so a broken one may always go.
    static func blocking(in directory: borrowing DirectoryHandle) throws(SystemError) -> Diagnostic? {
        guard case .broken(let finding) = try ActiveLink(in: directory) else { return nil }
        return finding.code == .activeNotALink || finding.code == .activeSpecialFile ? finding : nil
    }
}
