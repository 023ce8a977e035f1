import Foundation
import Glibc

/// A TCP connection to a live server, byte by byte: for what no client library would send.
package final class RawSocket: Sendable {
    private let descriptor: Int32

    package init(port: Int, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer {
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    deinit { close(descriptor) }

    /// Sends all of the text; false once the server has hung up.
    @discardableResult
    package func send(_ text: String) async -> Bool {
        await onThread { [descriptor] in
            let bytes = Array(text.utf8)
            return unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
        }
    }

    /// Says that nothing more will be sent, and goes on reading.
    package func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// What comes until the text was among it, or the server hangs up; nil if neither was so within twenty seconds.
    package func read(until text: String) async -> String? {
        await onThread { [descriptor] in
            var received: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 65_536)
            while !String(decoding: received, as: UTF8.self).contains(text) {
                let count = unsafe recv(descriptor, &piece, piece.count, 0)
                if count < 0 { return nil }
                if count == 0 { break }
                received += piece.prefix(count)
            }
            return String(decoding: received, as: UTF8.self)
        }
    }

    /// Whether the server has hung up, and everything before was read.
    package var hasEnded: Bool {
        var byte: UInt8 = 0
        return unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) == 0
    }

    /// Everything until the server hangs up; nil if it has not within twenty seconds.
    package func readToEnd() async -> String? {
        await onThread { [descriptor] in
            var received: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = unsafe recv(descriptor, &piece, piece.count, 0)
                if count < 0 { return errno == ECONNRESET ? String(decoding: received, as: UTF8.self) : nil }
                if count == 0 { return String(decoding: received, as: UTF8.self) }
                received += piece.prefix(count)
            }
        }
    }

    private func onThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }
}
