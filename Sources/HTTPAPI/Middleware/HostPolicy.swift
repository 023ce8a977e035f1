/// Which names a request may address the server by.
///
/// A page on the web can make its own name resolve to 127.0.0.1 (DNS rebinding) and then talk to a server
/// on the reader's machine as if it were its own. Such requests carry the page's name in `Host`, so it is
/// enough to insist on names that cannot be anybody else's.
package enum HostPolicy: Hashable, Sendable {
    /// `localhost`, 127.0.0.0/8 and `::1`, with any port.
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

    /// The authority's name in lower case, brackets and a final dot taken off; nil if it is no authority.
    private static func name(of authority: String) -> String? {
        let text = authority.lowercased()
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]"), isPort(text[text.index(after: end)...]) else { return nil }
            return String(text[text.index(after: text.startIndex)..<end])
        }
        let end = text.firstIndex(of: ":") ?? text.endIndex
        var name = text[..<end]
        if name.hasSuffix(".") { name.removeLast() }
        guard !name.isEmpty, isPort(text[end...]) else { return nil }
        return String(name)
    }

    /// Whether the text is empty or a colon and a port.
    private static func isPort(_ text: Substring) -> Bool {
        guard let colon = text.first else { return true }
        return colon == ":" && UInt16(text.dropFirst()) != nil
    }

    private static func isLoopback(_ name: String) -> Bool {
        if name == "localhost" || name == "::1" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
