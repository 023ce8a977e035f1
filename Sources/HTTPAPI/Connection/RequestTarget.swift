import NIOCore
import NIOHTTP1

/// Settles whom a request addresses before anybody judges it, as RFC 9112 §3.2 wants: by exactly one `Host`, or by the
/// target itself if it is a whole URL, whatever `Host` says then; and which spelling of its path counts. And that its
/// body is framed, but not transformed.
///
/// It stands before the conversion to HTTP types, which keeps no trace of a URL's host. All methods run on the
/// channel's event loop.
final class RequestTarget: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    /// Whether a request was refused, behind which nothing that comes is read.
    private var isRefused = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        do throws(APIError) {
            try Self.settle(&head)
            head.uri = Self.plain(head.uri)
        } catch {
            isRefused = true
            return context.fireErrorCaught(error)
        }
        // An old client takes the connection's end for the answer's, and what comes next knows no versions.
        if !head.isKeepAlive || head.version != .http1_1 {
            head.headers.replaceOrAdd(name: "Connection", value: "close")
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Gives the request a target that is a path, and the one `Host` that it means.
    private static func settle(_ head: inout HTTPRequestHead) throws(APIError) {
        let hosts = head.headers["Host"]
        guard hosts.count == 1 || hosts.isEmpty && head.version != .http1_1 else {
            throw APIError(.badRequest, "A request must have exactly one Host header; this one has \(hosts.count).")
        }
        // Its bytes would be taken for what they stand for (§6.1).
        guard head.headers[canonicalForm: "Transfer-Encoding"].allSatisfy({ $0.lowercased() == "chunked" }) else {
            throw APIError(.notImplemented, "Of transfer codings only 'chunked' is understood.")
        }
        // Only these two methods have targets of other kinds: `*`, and a host without a path.
        guard !head.uri.hasPrefix("/"), !(head.method == .OPTIONS && head.uri == "*"), head.method != .CONNECT else {
            return
        }
        let (authority, path) = try parts(of: head.uri)
        head.uri = path
        head.headers.replaceOrAdd(name: "Host", value: authority)
    }

    /// The target with those characters of its path plain that need no encoding: either way it is the same resource
    /// (RFC 3986 §6.2.2.2).
    private static func plain(_ target: String) -> String {
        let path = target.prefix { $0 != "?" }
        let parts = path.split(separator: "%", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return target }
        let plain = parts.dropFirst().reduce(into: String(parts[0])) { text, part in
            let code = part.prefix(2)
            let byte = code.count == 2 && code.allSatisfy(\.isHexDigit) ? UInt8(code, radix: 16) : nil
            guard let byte, isUnreserved(UnicodeScalar(byte)) else {
                text += "%" + part
                return
            }
            text.unicodeScalars.append(UnicodeScalar(byte))
            text += part.dropFirst(2)
        }
        return plain + target.dropFirst(path.count)
    }

    private static func isUnreserved(_ character: UnicodeScalar) -> Bool {
        switch character {
        case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~": true
        default: false
        }
    }

    /// A URL's host with its port, and its path with the query.
    private static func parts(of url: String) throws(APIError) -> (authority: String, path: String) {
        let scheme = ["http://", "https://"].first { url.lowercased().hasPrefix($0) }
        let rest = scheme.map { url.dropFirst($0.count) } ?? ""
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !authority.isEmpty, !authority.contains("@") else {
            throw APIError(.badRequest, "The request's target must be a path, or an http URL.")
        }
        let path = rest.dropFirst(authority.count)
        return (String(authority), path.hasPrefix("/") ? String(path) : "/" + path)
    }
}

@available(*, unavailable)
extension RequestTarget: Sendable {}
