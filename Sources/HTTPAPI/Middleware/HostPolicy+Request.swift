import HTTPTypes
import Hummingbird

extension HostPolicy {
    /// Turns away a request that addresses the server by a foreign name, and one that a page of another origin sends.
    ///
    /// - Throws: ``APIError`` `.hostNotAllowed`, `.originNotAllowed`.
    func admit(_ request: Request) throws(APIError) {
        let authority = request.head.authority
        // Probes of old are HTTP/1.0 without a Host; a browser always sends one, whatever page it runs.
        let isProbe = authority == nil && HealthRoutes.paths.contains(request.uri.path)
        guard isProbe || accepts(authority) else {
            throw APIError(.hostNotAllowed, "This server does not go by the name in the Host header.")
        }
        guard Self.isOwn(request, authority: authority) else {
            throw APIError(.originNotAllowed, "Pages of other origins may not use this server.")
        }
    }

    /// Whether the request comes from a program, from the person at the browser, or from a page of this server.
    ///
    /// Programs send neither header. A browser sends `Origin` with all that can change something, and
    /// `Sec-Fetch-Site` with everything, pictures and links included.
    private static func isOwn(_ request: Request, authority: String?) -> Bool {
        let sites = request.headers[values: .secFetchSite]
        guard sites.allSatisfy({ ["same-origin", "none"].contains($0.lowercased()) }) else { return false }
        return request.headers[values: .origin].allSatisfy { origin in
            ["http://", "https://"].contains { origin.lowercased() == $0 + (authority?.lowercased() ?? "") }
        }
    }
}

extension HTTPField.Name {
    /// Where a browser says how near the page is that makes it send the request (Fetch Metadata).
    // A literal name is known to be valid.
    // swift-format-ignore: NeverForceUnwrap
    fileprivate static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
}
