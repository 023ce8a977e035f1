import Glibc

/// Which names a request may address the server by.
///
/// A page on the web can make its own name resolve to 127.0.0.1 (DNS rebinding) and then talk to a server
/// on the reader's machine as if it were its own. Such requests carry the page's name in `Host`, so it is
/// enough to insist on names that cannot be anybody else's.
package enum HostPolicy: Hashable, Sendable {
    /// `localhost` and the addresses that lead to no other machine, with any port.
    case loopback
    /// The loopback names and these, in lower case and without ports.
    case named(Set<String>)
    /// Any name; for servers that ask for a token, which a foreign page has not got.
    case any

    /// Whether the policy accepts an authority, `name` or `name:port`; nil stands for a request without one.
    package func accepts(_ authority: String?) -> Bool {
        if self == .any { return true }
        guard let name = authority.flatMap(Self.name) else { return false }
        return switch self {
        case .any: true
        case .loopback: Self.isLoopback(name)
        case .named(let names): Self.isLoopback(name) || names.contains(name)
        }
    }

    /// The authority's name in lower case, a final dot taken off; nil if it is no authority.
    private static func name(of authority: String) -> String? {
        let text = authority.lowercased()
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]"), isPort(text[text.index(after: end)...]) else { return nil }
            return String(text[...end])
        }
        let end = text.firstIndex(of: ":") ?? text.endIndex
        var name = text[..<end]
        if name.hasSuffix(".") { name.removeLast() }
        guard !name.isEmpty, isPort(text[end...]) else { return nil }
        return String(name)
    }

    /// Whether the text is empty or a colon and a port, which may be empty, too (RFC 3986 §3.2.3).
    private static func isPort(_ text: Substring) -> Bool {
        guard let colon = text.first else { return true }
        let digits = text.dropFirst()
        guard colon == ":", digits.allSatisfy({ ("0"..."9").contains($0) }) else { return false }
        return digits.isEmpty || UInt16(digits) != nil
    }

    /// Whether a name is `localhost`, 127.0.0.0/8, `::1`, or one of the former addresses written as one of IPv6.
    ///
    /// What is an address in full is looked up nowhere. A short form (`127.1`) is a name to those who do not know it.
    private static func isLoopback(_ name: String) -> Bool {
        // It would end the name for what reads addresses.
        if name.utf8.contains(0) { return false }
        if name == "localhost" { return true }
        guard name.hasPrefix("[") else {
            var address = in_addr()
            return unsafe inet_pton(AF_INET, name, &address) == 1 && UInt32(bigEndian: address.s_addr) >> 24 == 127
        }
        var address = in6_addr()
        guard unsafe inet_pton(AF_INET6, String(name.dropFirst().dropLast()), &address) == 1 else { return false }
        let bytes = unsafe withUnsafeBytes(of: &address) { unsafe Array($0) }
        let zeros = [UInt8](repeating: 0, count: 10)
        return bytes == zeros + [0, 0, 0, 0, 0, 1] || bytes.starts(with: zeros + [0xFF, 0xFF, 127])
    }
}
