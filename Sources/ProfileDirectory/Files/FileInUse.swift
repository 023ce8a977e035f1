import FileWatching
import Glibc
import Profiles

/// A file that other programs have open for writing.
struct FileInUse: Error {
    /// The file as the user named it.
    let path: String

    /// The programs, as `vim (process 4711)`; without those of other users, which nobody but root may look into.
    var programs: [String] {
        guard let file = Self.identity(of: path), let processes = try? DirectoryHandle("/proc").names() else {
            return []
        }
        return processes.compactMap { Int32(String(decoding: $0, as: UTF8.self)) }.sorted()
            .filter { Self.process($0, writes: file) }
            .map { "\(ProcessName(of: $0)?.text ?? "a program") (process \($0))" }
    }

    private static func process(_ id: Int32, writes file: FileIdentity) -> Bool {
        let folder = "/proc/\(id)/fd"
        guard let descriptors = try? DirectoryHandle(folder).names() else { return false }
        return descriptors.contains { descriptor in
            let path = folder + "/" + String(decoding: descriptor, as: UTF8.self)
            var link = stat()
            // The link's own mode tells what the file was opened for.
            guard unsafe lstat(path, &link) == 0, link.st_mode & S_IWUSR != 0 else { return false }
            return identity(of: path) == file
        }
    }

    private struct FileIdentity: Equatable {
        var device: dev_t
        var inode: ino_t
    }

    private static func identity(of path: String) -> FileIdentity? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return FileIdentity(device: status.st_dev, inode: status.st_ino)
    }
}
