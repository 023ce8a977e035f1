import Glibc
import Profiles
import YAML

/// The bytes of a file that the user named.
enum SourceFile {
    /// What standard input is called in findings.
    static let standardInput = "<stdin>"

    /// How many bytes are read: one more than a profile may have, so that too large a file shows as one.
    static let limit = Limits.bytes + 1

    /// The file's first bytes, up to ``limit``; nil if it cannot be read.
    static func bytes(of path: String) -> [UInt8]? {
        try? read(path)
    }

    /// Reads a file.
    ///
    /// - Throws: `.inputOutput`.
    static func read(_ path: String) throws(ProfileError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < limit {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            let code = errno
            if count == 0 { break }
            if count > 0 {
                bytes += chunk.prefix(count)
            } else if code != EINTR {
                throw failure(path, code)
            }
        }
        return Array(bytes.prefix(limit))
    }

    private static func failure(_ path: String, _ code: Int32) -> ProfileError {
        let reason = unsafe String(cString: strerror(code))
        return ProfileError(.inputOutput, "'\(path.escapedForDisplay)' cannot be read: \(reason).")
    }
}
