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
        // Programs send no Origin; a browser sends it with everything that can change something.
        if let origin = request.headers[.origin], !isSame(origin, as: authority) {
            throw APIError(.originNotAllowed, "Pages of other origins may not use this server.")
        }
        return try await next(request, context)
    }

    private func isSame(_ origin: String, as authority: String?) -> Bool {
        guard let authority else { return false }
        return ["http://", "https://"].contains { origin.lowercased() == $0 + authority.lowercased() }
    }
}
