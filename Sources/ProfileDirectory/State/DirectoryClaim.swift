import CLinux
import FileWatching
import Glibc

/// The claim to be the only daemon of a directory, by whatever path, mount, container or user it is reached.
///
/// It is a lock on the open directory itself, for reading, as whoever may list the directory can have it; on the byte
/// whose number is the holder's pid. Such locks suffer each other and are told of: who sees another one steps back. The
/// kernel takes it away when the process ends, however that happens. As long as it is held, the directory is in use: its
/// file system can be unmounted lazily alone.
final class DirectoryClaim: Sendable {
    private let directory: DirectoryIdentity
    // Keeps the lock, and the directory's inode from becoming another directory's.
    private let descriptor: Descriptor

    private init(_ directory: DirectoryIdentity, _ descriptor: consuming Descriptor) {
        self.directory = directory
        self.descriptor = descriptor
    }

    func isOn(_ other: DirectoryIdentity) -> Bool { directory.isSame(asHeldOpen: other) }

    enum Outcome: Sendable {
        case claimed(DirectoryClaim)
        /// Another process has it; its pid, as that process knows it.
        case taken(Int32)
        /// The file system knows no such locks.
        case impossible
    }

    static func claim(_ directory: borrowing DirectoryHandle) -> Outcome {
        guard let own = try? DirectoryHandle.open(directory.descriptor.number, "."),
            let status = try? FileStatus(of: own)
        else { return .impossible }
        // Looking first disturbs nobody who tries at the same time.
        if let holder = holder(besides: own) { return .taken(holder) }
        var lock = lock(F_RDLCK, from: off_t(getpid()), count: 1)
        guard unsafe fcntl(own.number, millm_f_ofd_setlk, &lock) == 0 else { return .impossible }
        // Of two that have come at the same time at most one is alone now.
        if let holder = holder(besides: own) { return .taken(holder) }
        return .claimed(DirectoryClaim(DirectoryIdentity(status), own))
    }

    /// Whether the process with the pid that a lock names can be the one that holds it.
    ///
    /// It has the directory open, then. Of another user's process that cannot be seen; then the name has to do. A process
    /// that is not to be seen at all can be another container's.
    static func canBeHeld(by pid: Int32, on directory: borrowing DirectoryHandle) -> Bool {
        guard pid != getpid(), let name = ProcessName(of: pid)?.text else { return true }
        guard let folder = try? DirectoryHandle("/proc/\(pid)/fd"), let descriptors = try? folder.names() else {
            return name == "millmd"
        }
        guard let own = try? FileStatus(of: directory.descriptor) else { return true }
        for descriptor in descriptors {
            let name = String(decoding: descriptor, as: UTF8.self)
            let status = try? FileStatus(ofOpen: name, in: folder.descriptor)
            if status?.identity.isSameFile(as: own.identity) == true { return true }
        }
        return false
    }

    /// The pid of the process that has the claim, as that process knows it; nil if none has.
    static func holder(of directory: borrowing DirectoryHandle) -> Int32? {
        holder(besides: directory.descriptor)
    }

    /// Whether a process that knows itself by the pid has the claim.
    static func isHeld(by pid: Int32, on directory: borrowing DirectoryHandle) -> Bool {
        other(lock(F_WRLCK, from: off_t(pid), count: 1), on: directory.descriptor) != nil
    }

    /// The pid of another holder; nil if there is none.
    private static func holder(besides own: borrowing Descriptor) -> Int32? {
        other(lock(F_WRLCK, from: 0, count: 0), on: own).map { Int32(clamping: $0.l_start) }
    }

    /// The first lock of somebody else that stands against this one; nil if none does.
    private static func other(_ lock: flock, on own: borrowing Descriptor) -> flock? {
        var lock = lock
        guard unsafe fcntl(own.number, millm_f_ofd_getlk, &lock) == 0, lock.l_type != F_UNLCK else { return nil }
        return lock
    }

    /// - Parameter count: How many bytes; 0 means all.
    private static func lock(_ type: Int32, from start: off_t, count: off_t) -> flock {
        flock(l_type: Int16(type), l_whence: Int16(SEEK_SET), l_start: start, l_len: count, l_pid: 0)
    }
}
