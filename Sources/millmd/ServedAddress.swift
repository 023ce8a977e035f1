import Glibc
import NIOCore

/// Where the daemon serves.
struct ServedAddress: CustomStringConvertible {
    let host: String
    let port: Int

    /// As in URLs.
    var description: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }

    /// Sees whether the address can be had, before the model is loaded and the profile applied: whoever mistakes it need
    /// not wait for that. The server takes it only when it can answer as the profile says, and that still decides.
    ///
    /// - Throws: ``Unavailable``.
    func check() throws(Unavailable) {
        guard let address = try? SocketAddress.makeAddressResolvingHost(host, port: port) else {
            throw Unavailable(description: "The host '\(host)' is not known here. Choose another with --host.")
        }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(CInt(address.protocol.rawValue), kind, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // As the server does: connections of a daemon that has ended are in nobody's way.
        var isReused: CInt = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isReused, socklen_t(MemoryLayout<CInt>.size))
        let failure = unsafe address.withSockAddr { pointer, size in
            unsafe bind(descriptor, pointer, socklen_t(size)) == 0 ? 0 : errno
        }
        if let error = unavailable(failure) { throw error }
    }

    /// What an error of bind(2) comes to; nil if it is no matter of the address.
    func unavailable(_ code: CInt) -> Unavailable? {
        switch code {
        case EADDRINUSE:
            Unavailable(
                description: "Port \(port) on \(host) is in use. "
                    + "Stop what serves there, or choose another with --port."
            )
        case EACCES:
            Unavailable(description: "Port \(port) on \(host) is for privileged users. Choose another with --port.")
        case EADDRNOTAVAIL:
            Unavailable(description: "\(host) is no address of this machine. Choose another with --host.")
        default: nil
        }
    }

    /// Why the daemon cannot serve there.
    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }
}
