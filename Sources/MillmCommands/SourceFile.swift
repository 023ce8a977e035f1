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

    /// - Throws: ``CommandFailure`` if standard input, which can be read once, is named again.
    static func refuseStandardInputTwice(in paths: [String]) throws(CommandFailure) {
        guard paths.count(where: { $0 == "-" }) < 2 else { throw .usage("Standard input ('-') can be read only once.") }
    }

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

    /// Reads a file that the user named; a pipe or the like only if this process was given it open.
    ///
    /// - Throws: `.inputOutput`.
    static func read(_ path: String) throws(ProfileError) -> [UInt8] {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw failure(path, SystemError("stat")) }
        if status.st_mode & S_IFMT != S_IFREG, let given = givenDescriptor(path) { return try read(given, path) }
        try refuseSpecial(status, path)
        // It may have become a pipe since, whose writer is not waited for.
        let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, SystemError("open")) }
        defer { close(descriptor) }
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure(path, SystemError("fstat")) }
        try refuseSpecial(status, path)
        return try read(descriptor, path)
    }

    /// The descriptor that `/dev/stdin`, or `/dev/fd/63` of a shell's `<(…)`, means; nil for other paths.
    private static func givenDescriptor(_ path: String) -> Int32? {
        if path == "/dev/stdin" { return STDIN_FILENO }
        let folder = ["/dev/fd/", "/proc/self/fd/"].first(where: path.hasPrefix)
        return folder.flatMap { Int32(path.dropFirst($0.count)) }
    }

    private static func refuseSpecial(_ status: stat, _ path: String) throws(ProfileError) {
        let reason: String
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: reason = "is a directory. Name a file in it."
        case S_IFIFO: reason = "is a named pipe, not a file; its writer is not waited for."
        case S_IFSOCK: reason = "is a socket, not a file."
        default: reason = "is a device, not a file."
        }
        throw ProfileError(.inputOutput, "'\(path.escapedForDisplay)' \(reason)")
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
            } else if error.code == EAGAIN {
                StandardConsole.wait(for: descriptor, POLLIN)
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
