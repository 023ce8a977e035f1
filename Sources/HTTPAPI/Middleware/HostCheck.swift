import HTTPTypes
import Hummingbird

/// Turns away requests that address the server by a foreign name, and those that a page of another origin sends.
struct HostCheck: RouterMiddleware {
    typealias Context = APIRequestContext

    let policy: HostPolicy

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let authority = request.head.authority
        guard policy.accepts(authority) else {
            throw APIError(.hostNotAllowed, "This server does not go by the name in the Host header.")
        }
        guard Self.isOwn(request, authority: authority) else {
            throw APIError(.originNotAllowed, "Pages of other origins may not use this server.")
        }
        return try await next(request, context)
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
