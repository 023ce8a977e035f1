import FileWatching
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

    /// Waits for the lock.
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
