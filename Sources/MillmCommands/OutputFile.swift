import CLinux
import FileWatching
import Glibc
import ProfileDirectory
import Profiles

/// A file that the user asked to be written: whole or not at all.
struct OutputFile {
    /// The file as the user named it.
    private let path: String

    init(_ path: String) {
        self.path = path
    }

    /// Writes a file that must not be there yet.
    ///
    /// - Throws: `.alreadyExists` if there is something of the name, whatever it is; `.inputOutput`. Then nothing has
    ///   changed.
    func create(_ bytes: [UInt8]) throws(ProfileError) {
        let descriptor = unsafe open(folder, Self.unnamed | O_WRONLY | O_CLOEXEC, 0o666)
        guard descriptor < 0 else { return try createUnnamed(bytes, descriptor) }
        // This file system knows no files without a name.
        try place(bytes) { temporary throws(ProfileError) in
            if unsafe millm_rename_without_replacing(AT_FDCWD, temporary, path) == 0 { return }
            // Not all file systems can do it in one step; a second name does not replace either.
            if [EINVAL, ENOSYS].contains(errno), unsafe link(temporary, path) == 0 {
                _ = unsafe unlink(temporary)
                return
            }
            throw refusal(errno)
        }
    }

    /// O_TMPFILE, which Glibc's module does not show: a file without a name, which goes with the process.
    private static let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY

    /// Writes into a file without a name, and gives it one that must be free.
    private func createUnnamed(_ bytes: [UInt8], _ descriptor: Int32) throws(ProfileError) {
        defer { close(descriptor) }
        try write(bytes, to: descriptor)
        let name = "/proc/self/fd/\(descriptor)"
        guard unsafe linkat(AT_FDCWD, name, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 else { throw refusal(errno) }
    }

    private func refusal(_ code: Int32) -> ProfileError {
        guard code == EEXIST else { return failure(code) }
        let shown = path.escapedForDisplay
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return ProfileError(.alreadyExists, "'\(shown)' is there already, and no regular file. Give another name.")
        }
        let advice = "Give another name, or --force to replace it."
        return ProfileError(.alreadyExists, "There is a file '\(shown)' already. \(advice)")
    }

    /// The folder that the file is in.
    private var folder: String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    /// Writes a file in the place of one that may be there.
    ///
    /// - Throws: `.inputOutput`, also if something else than a regular file is there: a pipe or a device is never
    ///   taken away, and a link is not followed. Then nothing has changed.
    func replace(_ bytes: [UInt8]) throws(ProfileError) {
        var status = stat()
        if unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            let message = "'\(path.escapedForDisplay)' is no regular file, so it is not replaced. Give another name."
            throw ProfileError(.inputOutput, message)
        }
        try place(bytes) { temporary throws(ProfileError) in
            guard unsafe rename(temporary, path) == 0 else { throw failure(errno) }
        }
    }

    /// Writes a temporary file beside the one that is meant, and lets it be moved into place.
    private func place(
        _ bytes: [UInt8],
        _ move: (_ temporary: String) throws(ProfileError) -> Void
    ) throws(ProfileError) {
        let temporary = "\(folder)/.millm-output-\(getpid())"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard descriptor >= 0 else { throw failure(errno) }
        do {
            defer { close(descriptor) }
            try write(bytes, to: descriptor)
            try move(temporary)
        } catch {
            _ = unsafe unlink(temporary)
            throw error
        }
    }

    /// Writes all bytes and makes them last.
    private func write(_ bytes: [UInt8], to descriptor: Int32) throws(ProfileError) {
        var rest = bytes[...]
        var code: Int32 = 0
        while !rest.isEmpty, code == 0 {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 { code = errno == EINTR ? 0 : errno } else { rest = rest.dropFirst(count) }
        }
        if code == 0, fsync(descriptor) != 0, errno != EINVAL { code = errno }
        if code != 0 { throw failure(code) }
    }

    private func failure(_ code: Int32) -> ProfileError {
        let start = "'\(path.escapedForDisplay)' cannot be written"
        guard code == ENOENT || code == ENOTDIR, !FilePlace.isDirectory(folder) else {
            return ProfileError(start, SystemError("write", code))
        }
        let place = folder.count > 1 ? String(folder.dropLast()) : folder
        let shown = place.escapedForDisplay
        let reason = FilePlace.isThere(place) ? "'\(shown)' is no directory" : "there is no directory '\(shown)'"
        return ProfileError(.inputOutput, "\(start): \(reason). Make one with mkdir, or name another file.")
    }
}
