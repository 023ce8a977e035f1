import FileWatching
import Glibc
import ProfileDirectory
import Profiles
import YAML

/// The bytes of a file that the user named.
enum SourceFile {
    /// What standard input is called in findings.
    static let standardInput = "<stdin>"

    /// How many bytes are read: one more than a profile may have, so that too large a file shows as one.
    static let limit = Limits.bytes + 1

    /// The first bytes of a file that a finding shows, up to ``limit``; nil if it cannot be read, or is no regular file.
    static func bytes(of path: String) -> [UInt8]? {
        // It may have become a pipe since it was read, and nobody may wait for that.
        let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return try? read(descriptor, path)
    }

    /// Reads a file that the user named, which may be a pipe.
    ///
    /// - Throws: `.inputOutput`.
    static func read(_ path: String) throws(ProfileError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, SystemError("open")) }
        defer { close(descriptor) }
        return try read(descriptor, path)
    }

    private static func read(_ descriptor: Int32, _ path: String) throws(ProfileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < limit {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            let error = SystemError("read")
            if count == 0 { break }
            if count > 0 {
                bytes += chunk.prefix(count)
            } else if error.code != EINTR {
                throw failure(path, error)
            }
        }
        return Array(bytes.prefix(limit))
    }

    private static func failure(_ path: String, _ error: SystemError) -> ProfileError {
        ProfileError("'\(path.escapedForDisplay)' cannot be read", error)
    }
}
