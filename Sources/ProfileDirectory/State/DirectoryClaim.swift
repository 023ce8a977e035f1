import FileWatching
import Glibc
import Profiles

/// The claim to be the only daemon of a directory, by whatever path, mount or user it is reached.
///
/// It is a socket in the abstract namespace that nobody talks to, named after the directory's inode. The kernel gives
/// the name back when the process ends, and tells who has it. Daemons in other network namespaces are not seen.
final class DirectoryClaim: Sendable {
    /// The name that no other process can have.
    let name: String
    private let socket: Descriptor

    private init(name: String, socket: consuming Descriptor) {
        self.name = name
        self.socket = socket
    }

    /// `SO_PEERCRED`, and where the pid stands in what it gives.
    private static let peerCredentials: Int32 = 17

    enum Outcome: Sendable {
        case claimed(DirectoryClaim)
        /// Another process has it; its pid, if the kernel tells.
        case taken(Int32?)
        /// There is no directory yet, or no socket to be had.
        case impossible
    }

    /// The name that stands for the directory; nil if there is none.
    static func name(of path: String) -> String? {
        guard let directory = try? DirectoryHandle(path), let status = try? FileStatus(of: directory.descriptor) else {
            return nil
        }
        // A removed directory's inode number is soon another's; its birth time is not.
        let birth = status.bornAt?.microseconds ?? 0
        return "millm-daemon-\(status.identity.device)-\(status.identity.inode)-\(birth)"
    }

    /// - Parameter name: See ``name(of:)``.
    static func claim(_ name: String) -> Outcome {
        guard let socket = stream() else { return .impossible }
        let error = unsafe withAddress(name) { address, size in
            unsafe bind(socket.number, address, size) == 0 ? 0 : errno
        }
        if error == EADDRINUSE { return .taken(holder(of: name)) }
        // Who asks for the holder waits in the queue, for nobody ever answers.
        guard error == 0, listen(socket.number, 4096) == 0 else { return .impossible }
        return .claimed(DirectoryClaim(name: name, socket: socket))
    }

    private static func holder(of name: String) -> Int32? {
        guard let socket = stream() else { return nil }
        let error = unsafe withAddress(name) { address, size in
            unsafe connect(socket.number, address, size) == 0 ? 0 : errno
        }
        guard error == 0 else { return nil }
        var credentials: [Int32] = [0, 0, 0]
        var size = socklen_t(MemoryLayout<Int32>.size * credentials.count)
        guard unsafe getsockopt(socket.number, SOL_SOCKET, peerCredentials, &credentials, &size) == 0 else {
            return nil
        }
        return credentials[0] > 0 ? credentials[0] : nil
    }

    private static func stream() -> Descriptor? {
        let flags = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let number = Glibc.socket(AF_UNIX, flags, 0)
        return number >= 0 ? Descriptor(owning: number) : nil
    }

    private static func withAddress(_ name: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(name.utf8)
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        // A zero in front makes it a name that is no file's.
        unsafe withUnsafeMutableBytes(of: &address) { buffer in
            for (index, byte) in bytes.enumerated() { unsafe buffer[start + 1 + index] = byte }
        }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe body(pointer, socklen_t(start + 1 + bytes.count))
            }
        }
    }
}
