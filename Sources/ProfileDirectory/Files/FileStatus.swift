import CLinux
import FileWatching
import Glibc
import Profiles

/// What the file system knows of a file besides its content.
struct FileStatus: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable {
        case regular = "regular file"
        case directory = "directory"
        case link = "symbolic link"
        case pipe = "named pipe"
        case socket = "socket"
        case device = "device"
    }

    /// What tells one content of a file from another without reading it, most of the time: two writes
    /// within one tick of the clock can share it.
    struct Identity: Hashable, Sendable {
        var device: UInt64
        var inode: UInt64
        /// In bytes.
        var size: UInt64
        /// In nanoseconds since 1970.
        var modified: Int64
        /// In nanoseconds since 1970.
        var changed: Int64

        /// Whether it is the same file, whatever its content and name.
        func isSameFile(as other: Self) -> Bool { (device, inode) == (other.device, other.inode) }
    }

    var kind: Kind
    var identity: Identity
    /// The lower twelve bits of the mode.
    var permissions: mode_t
    var owner: uid_t
    var group: gid_t
    /// The number of names; 0 for a file or directory that has been removed.
    var linkCount: UInt32
    /// The birth time; nil where the file system keeps none.
    var bornAt: Timestamp?
    /// The birth time, or where the file system keeps none, the ctime.
    var createdAt: Timestamp
    /// The mtime.
    var updatedAt: Timestamp

    /// The status of an open file.
    init(of descriptor: borrowing Descriptor) throws(SystemError) {
        try self.init(descriptor.number, "", Self.emptyPath)
    }

    /// The status of a name in a directory; of a symbolic link itself, not of what it points at.
    init(of name: String, in directory: borrowing Descriptor) throws(SystemError) {
        try self.init(directory.number, name, AT_SYMLINK_NOFOLLOW)
    }

    /// The status of what a process has open, as far as it is known without asking another machine, which may be silent.
    ///
    /// - Parameter processDescriptors: The process's `fd` folder below `/proc`.
    init(ofOpen descriptor: String, in processDescriptors: borrowing Descriptor) throws(SystemError) {
        try self.init(processDescriptors.number, descriptor, Self.dontSync)
    }

    /// `AT_STATX_DONT_SYNC`, which the toolchain hides, too.
    private static let dontSync: Int32 = 0x4000

    /// `AT_EMPTY_PATH`, which the toolchain hides: the descriptor itself is meant.
    private static let emptyPath: Int32 = 0x1000

    private init(_ directory: Int32, _ name: String, _ flags: Int32) throws(SystemError) {
        var status = statx()
        let mask = UInt32(STATX_BASIC_STATS) | UInt32(STATX_BTIME)
        guard unsafe millm_statx(directory, name, flags, mask, &status) == 0 else { throw SystemError("statx") }
        kind =
            switch mode_t(status.stx_mode) & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .link
            case S_IFIFO: .pipe
            case S_IFSOCK: .socket
            default: .device
            }
        identity = Identity(
            device: UInt64(status.stx_dev_major) << 32 | UInt64(status.stx_dev_minor),
            inode: status.stx_ino,
            size: status.stx_size,
            modified: Self.nanoseconds(status.stx_mtime),
            changed: Self.nanoseconds(status.stx_ctime)
        )
        permissions = mode_t(status.stx_mode) & 0o7777
        owner = status.stx_uid
        group = status.stx_gid
        linkCount = status.stx_nlink
        let hasBirthTime = status.stx_mask & UInt32(STATX_BTIME) != 0
        bornAt = hasBirthTime ? Timestamp(microseconds: Self.nanoseconds(status.stx_btime) / 1000) : nil
        createdAt = Timestamp(microseconds: Self.nanoseconds(hasBirthTime ? status.stx_btime : status.stx_ctime) / 1000)
        updatedAt = Timestamp(microseconds: identity.modified / 1000)
    }

    private static func nanoseconds(_ time: statx_timestamp) -> Int64 {
        // A file system can hold times that lie outside what 64 bits of nanoseconds can say.
        Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue &+ Int64(time.tv_nsec)
    }
}
