import FileWatching
import Glibc
package import Profiles
import Synchronization

/// The right to serve a profile directory, which one daemon has at a time.
///
/// It is a lock on a file in the state folder that names the holder, and a ``DirectoryClaim`` to the directory itself;
/// the kernel takes both back when the process ends, however that happens.
package final class DaemonLock: Sendable {
    private static let name = "daemon.lock"

    /// The state folder, by now the daemon's own.
    package let folder: StateDirectory
    private let file: Mutex<Descriptor>
    /// Nil while there is no directory, or its file system knows no locks.
    private let claim: Mutex<DirectoryClaim?>

    /// Who only asks for the holder, or tries at the same time, is in the way for a moment: one refusal is not the last
    /// word.
    private static let patience = Duration.milliseconds(100)

    /// Takes the lock, for as long as the object lives.
    ///
    /// - Parameter directory: The state folder, which has been created. If it belongs to a daemon that came by another
    ///   path and has ended, it is taken over.
    /// - Throws: `.active` if another daemon holds it, with its pid; `.inputOutput`.
    package init(in directory: StateDirectory) throws(ProfileError) {
        let directory = directory.forDaemon
        let path = directory.path + "/" + Self.name
        do {
            let file = try Self.open(path, O_RDWR | O_CREAT)
            try Self.lock(file, patience: Self.patience)
            claim = Mutex(try Self.claim(directory.profiles))
            try Self.write(getpid(), to: file)
            self.file = Mutex(file)
            folder = try directory.takenOver()
            folder.tellWay()
        } catch let error as ProfileError {
            throw error
        } catch let error as SystemError {
            throw ProfileError("'\(path)' cannot be locked", error)
        } catch {
            preconditionFailure("typed above")
        }
    }

    /// Makes the lock's file anew if somebody has taken it away, or the state folder as a whole.
    ///
    /// - Returns: Whether it was made: what else was in the folder may be gone, too.
    package func renew() -> Bool {
        file.withLock { file in
            if let there = try? DirectoryHandle(folder.path).status(of: Self.name), let own = try? FileStatus(of: file),
                there.identity.isSameFile(as: own.identity)
            {
                return false
            }
            do {
                try folder.create()
                folder.tellWay()
                let other = try Self.open(folder.path + "/" + Self.name, O_RDWR | O_CREAT)
                try Self.lock(other, patience: .zero)
                try Self.write(getpid(), to: other)
                file = other
                return true
            } catch {
                // The next poll tries again; what cannot be written there is told of by those who write it.
                return false
            }
        }
    }

    /// Claims the directory that the path leads to by now, and gives the claim to another one up.
    ///
    /// - Parameter directory: What the path was seen to lead to; nil if it led to nothing, so that nothing is served.
    /// - Returns: The finding that another daemon serves it; then the earlier claim stands.
    package func follow(to directory: DirectoryIdentity?) -> Diagnostic? {
        guard let directory else {
            release()
            return nil
        }
        guard claim.withLock({ $0?.isOn(directory) }) != true, let handle = try? DirectoryHandle(folder.profiles) else {
            return nil
        }
        return claim(handle)
    }

    /// Gives the claim up if the path does not lead to the directory any more. It would keep its file system mounted.
    private func release() {
        var there: DirectoryIdentity?
        do throws(SystemError) {
            there = DirectoryIdentity(try FileStatus(of: DirectoryHandle(folder.profiles).descriptor))
        } catch {
            guard StorageFault(error) == .gone else { return }
        }
        claim.withLock { claim in
            if let there, claim?.isOn(there) == true { return }
            claim = nil
        }
    }

    /// Claims a directory, and gives the claim to another one up.
    ///
    /// - Returns: The finding that another daemon serves it; then the earlier claim stands.
    func claim(_ directory: borrowing DirectoryHandle) -> Diagnostic? {
        guard let status = try? FileStatus(of: directory.descriptor) else { return nil }
        var isAnother = false
        let pid: Int32? = claim.withLock { claim in
            isAnother = claim?.isOn(DirectoryIdentity(status)) != true
            guard isAnother else { return nil }
            switch DirectoryClaim.claim(directory) {
            case .claimed(let other): claim = other
            case .impossible: claim = nil
            case .taken(let pid): return pid
            }
            return nil
        }
        guard let pid else {
            if isAnother { folder.tellWay() }
            return nil
        }
        let isOthers = !DirectoryClaim.canBeHeld(by: pid, on: directory)
        return Diagnostic(
            .directoryTaken,
            isOthers
                ? "the directory that is there now " + Self.others(pid)
                : "\(Self.holder(pid)) serves the directory that is there now",
            at: SourceLocation(file: folder.profiles),
            help: isOthers ? Self.finding : nil
        )
    }

    private static func claim(_ profiles: String) throws(ProfileError) -> DirectoryClaim? {
        let deadline = ContinuousClock.now + patience
        while let directory = try? DirectoryHandle(profiles) {
            switch DirectoryClaim.claim(directory) {
            case .claimed(let claim): return claim
            case .impossible: return nil
            case .taken(let pid):
                guard .now < deadline else {
                    throw DirectoryClaim.canBeHeld(by: pid, on: directory)
                        ? isServed(by: pid) : ProfileError(.active, "'\(profiles)' \(others(pid)); \(finding).")
                }
            }
            usleep(.random(in: 1000...10_000))
        }
        return nil
    }

    private static func isServed(by pid: Int32?) -> ProfileError {
        let holder = pid.map(holder) ?? "another daemon"
        let subject = holder.prefix(1).uppercased() + holder.dropFirst()
        return ProfileError(.active, "\(subject) serves this profile directory already. Stop it first.")
    }

    /// `the daemon with the pid 4711 (millmd)`: what holds the lock is told, too, for it need not be one.
    ///
    /// - Parameter pid: As the holder knows it, which is another process here if it runs in a container of its own.
    private static func holder(_ pid: Int32) -> String {
        guard pid != getpid(), let name = ProcessName(of: pid)?.text else {
            return "a daemon in another container, with the pid \(pid) there,"
        }
        return "the daemon with the pid \(pid) (\(name))"
    }

    /// Whoever may read the directory can lock any byte of it, and a container has pids of its own.
    private static func others(_ pid: Int32) -> String {
        "is locked by a program that is no millmd, or by a daemon in another container, and not by the process "
            + "\(pid) (\(ProcessName(of: pid)?.text ?? "ended")) that the lock names"
    }

    private static let finding = "'grep OFDLCK /proc/[0-9]*/fdinfo/*' shows root which"

    /// The pid of a daemon that has claimed the directory of profiles, wherever it keeps its state; nil if none has.
    ///
    /// It is the pid as that daemon knows it.
    package static func claimant(ofProfilesOf directory: StateDirectory) -> Int32? {
        guard let profiles = try? DirectoryHandle(directory.profiles), let pid = DirectoryClaim.holder(of: profiles),
            DirectoryClaim.canBeHeld(by: pid, on: profiles)
        else { return nil }
        return pid
    }

    /// The pid of another daemon that has claimed the directory; nil if none has, or this one has as well.
    static func claimant(of profiles: String, besides pid: Int32) -> Int32? {
        guard let directory = try? DirectoryHandle(profiles), !DirectoryClaim.isHeld(by: pid, on: directory),
            let other = DirectoryClaim.holder(of: directory), DirectoryClaim.canBeHeld(by: other, on: directory)
        else { return nil }
        return other
    }

    /// The pid of the daemon that serves the directory; nil if none does.
    package static func holder(in directory: StateDirectory) -> Int32? {
        holder(inFolder: directory.path)
    }

    static func holder(inFolder path: String) -> Int32? {
        guard let file = try? open(path + "/" + name, O_RDONLY) else { return nil }
        // Asking is trying to share it; the attempt is over when the descriptor is closed.
        guard flock(file.number, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
        return pid(in: file)
    }

    private static func open(_ path: String, _ flags: Int32) throws(SystemError) -> Descriptor {
        let number = unsafe Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard number >= 0 else { throw SystemError("open") }
        return Descriptor(owning: number)
    }

    private static func lock(_ file: borrowing Descriptor, patience: Duration) throws {
        let deadline = ContinuousClock.now + patience
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
