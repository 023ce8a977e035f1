import FileWatching
import Glibc
package import Profiles
import Synchronization

/// The right to serve a profile directory, which one daemon has at a time.
///
/// It is a lock on a file in the state folder that names the holder, and a ``DirectoryClaim`` for those who come to
/// the directory by another way; the kernel takes both back when the process ends, however that happens.
package final class DaemonLock: Sendable {
    private static let name = "daemon.lock"

    private let profiles: String
    private let descriptor: Descriptor
    /// Nil while there is no directory, or no socket to be had.
    private let claim: Mutex<DirectoryClaim?>

    /// Takes the lock, for as long as the object lives.
    ///
    /// - Parameter directory: The state folder, which has been created.
    /// - Throws: `.active` if another daemon holds it, with its pid; `.inputOutput`.
    package init(in directory: StateDirectory) throws(ProfileError) {
        let path = directory.path + "/" + Self.name
        do {
            let file = try Self.open(path, O_RDWR | O_CREAT)
            try Self.lock(file)
            profiles = directory.profiles
            claim = Mutex(try Self.claim(profiles))
            try Self.write(getpid(), to: file)
            descriptor = file
        } catch let error as ProfileError {
            throw error
        } catch let error as SystemError {
            throw ProfileError("'\(path)' cannot be locked", error)
        } catch {
            preconditionFailure("typed above")
        }
    }

    /// Claims the directory that the path leads to by now, and gives the claim to another one up.
    ///
    /// - Returns: The finding that another daemon serves it; then the earlier claim stands.
    package func follow() -> Diagnostic? {
        claim.withLock { claim in
            guard let name = DirectoryClaim.name(of: profiles) else { return nil }
            guard name != claim?.name else { return nil }
            switch DirectoryClaim.claim(name) {
            case .claimed(let other): claim = other
            case .impossible: claim = nil
            case .taken(let pid):
                return Diagnostic(
                    .directoryGone,
                    "another daemon\(pid.map { ", with the pid \($0)," } ?? "") serves the directory that is there now",
                    at: SourceLocation(file: profiles),
                    help: "stop one of the two daemons"
                )
            }
            return nil
        }
    }

    private static func claim(_ profiles: String) throws(ProfileError) -> DirectoryClaim? {
        switch DirectoryClaim.name(of: profiles).map(DirectoryClaim.claim) {
        case .taken(let pid): throw isServed(by: pid)
        case .claimed(let claim): return claim
        case .impossible, nil: return nil
        }
    }

    private static func isServed(by pid: Int32?) -> ProfileError {
        let holder = pid.map { "The daemon with the pid \($0)" } ?? "Another daemon"
        return ProfileError(.active, "\(holder) serves this profile directory already. Stop it first.")
    }

    /// The pid of the daemon that serves the directory; nil if none does.
    package static func holder(in directory: StateDirectory) -> Int32? {
        guard let file = try? open(directory.path + "/" + name, O_RDONLY) else { return nil }
        // Asking is trying to share it; the attempt is over when the descriptor is closed.
        guard flock(file.number, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
        return pid(in: file)
    }

    private static func open(_ path: String, _ flags: Int32) throws(SystemError) -> Descriptor {
        let number = unsafe Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard number >= 0 else { throw SystemError("open") }
        return Descriptor(owning: number)
    }

    private static func lock(_ file: borrowing Descriptor) throws {
        // Who only asks for the holder shares the lock for a moment, so one refusal is not the last word.
        let deadline = ContinuousClock.now + .milliseconds(100)
        while flock(file.number, LOCK_EX | LOCK_NB) != 0 {
            let error = SystemError("flock")
            guard error.code == EWOULDBLOCK || error.code == EINTR else { throw error }
            guard .now < deadline else {
                throw isServed(by: pid(in: file))
            }
            usleep(1000)
        }
    }

    private static func write(_ pid: Int32, to file: borrowing Descriptor) throws(SystemError) {
        let text = Array("\(pid)\n".utf8)
        guard ftruncate(file.number, 0) == 0 else { throw SystemError("ftruncate") }
        let count = unsafe text.withUnsafeBytes { unsafe pwrite(file.number, $0.baseAddress, $0.count, 0) }
        guard count == text.count else { throw SystemError("write") }
    }

    private static func pid(in file: borrowing Descriptor) -> Int32? {
        let number = file.number
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            count = unsafe max(0, pread(number, buffer.baseAddress, buffer.count, 0))
        }
        return Int32(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
