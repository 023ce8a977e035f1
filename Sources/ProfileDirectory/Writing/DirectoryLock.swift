import FileWatching
import FoundationEssentials
import Glibc

/// The right to write in a directory, which one writer has at a time (SPEC §3).
///
/// It is flock(2) on the directory itself, and is given back when the value goes away or the process ends.
struct DirectoryLock: ~Copyable {
    private let descriptor: Descriptor

    /// How long a writer waits for another one, which normally needs milliseconds.
    static let patience = Duration.seconds(5)

    /// The file that is locked where the file system does not let a directory be locked (NFS).
    static let fallbackName = ProfileFileName.temporaryPrefix + "lock"

    /// Waits for the lock on the calling thread.
    ///
    /// - Throws: `EWOULDBLOCK` if another writer keeps it longer than the patience lasts.
    init(_ directory: borrowing DirectoryHandle, patience: Duration = Self.patience) throws(SystemError) {
        // A descriptor of its own, for the lock belongs to the opening, not to the process.
        let own = try DirectoryHandle.open(directory.descriptor.number, ".")
        do {
            try Self.lock(own, patience: patience)
            descriptor = own
        } catch {
            guard [EBADF, EINVAL, ENOLCK, ENOTSUP].contains(error.code) else { throw error }
            let number = unsafe openat(
                directory.descriptor.number,
                Self.fallbackName,
                O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                0o600
            )
            guard number >= 0 else { throw SystemError("open") }
            let file = Descriptor(owning: number)
            try Self.lock(file, patience: patience)
            descriptor = file
        }
    }

    /// Waits for the lock while others may use the thread, and the actor; who is cancelled waits no longer.
    ///
    /// - Throws: `EWOULDBLOCK` if another writer keeps it longer than the patience lasts.
    static func whenFree(
        _ directory: borrowing DirectoryHandle,
        patience: Duration
    ) async throws(SystemError) -> DirectoryLock {
        let deadline = ContinuousClock.now + patience
        var pause = Duration.milliseconds(1)
        while true {
            do {
                return try DirectoryLock(directory, patience: .zero)
            } catch {
                guard error.code == EWOULDBLOCK || error.code == EINTR, .now < deadline, !Task.isCancelled else {
                    throw error
                }
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(20))
        }
    }

    /// The process that holds the lock, as the kernel tells it: `git, pid 4711`; nil if it cannot be seen from here.
    static func holder(of directory: borrowing DirectoryHandle) -> String? {
        guard let file = try? FileStatus(of: directory.descriptor).identity,
            let locks = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
        else { return nil }
        let hexadecimal = { (number: UInt64) in (number < 16 ? "0" : "") + String(number, radix: 16) }
        let place = "\(hexadecimal(file.device >> 32)):\(hexadecimal(file.device & 0xffff_ffff)):\(file.inode)"
        for line in locks.split(separator: "\n") {
            // 12: FLOCK  ADVISORY  WRITE 4711 fe:00:16687874 0 EOF
            let fields = line.split(separator: " ")
            guard fields.count > 5, fields[1] == "FLOCK", fields[5] == place, let pid = Int32(fields[4]),
                let name = ProcessName(of: pid)
            else { continue }
            return "\(name.text), pid \(pid)"
        }
        return nil
    }

    /// Does something while the lock is held for certain.
    func hold<Result, Failure>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        try body()
    }

    private static func lock(_ descriptor: borrowing Descriptor, patience: Duration) throws(SystemError) {
        let deadline = ContinuousClock.now + patience
        while flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 {
            let error = SystemError("flock")
            guard error.code == EWOULDBLOCK || error.code == EINTR, .now < deadline else { throw error }
            usleep(1000)
        }
    }
}
