import HTTPTypes
import Hummingbird

/// Turns away requests without the token. Health probes need none: they tell nothing worth hiding.
struct TokenCheck: RouterMiddleware {
    typealias Context = APIRequestContext

    let token: BearerToken

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard HealthRoutes.paths.contains(request.uri.path) || isAuthorized(request) else {
            throw APIError(
                .unauthorized,
                "This server asks for a token: send 'Authorization: Bearer …'.",
                headers: [.wwwAuthenticate: "Bearer"]
            )
        }
        return try await next(request, context)
    }

    private func isAuthorized(_ request: Request) -> Bool {
        guard let value = request.headers[.authorization] else { return false }
        let parts = value.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "bearer" && token.matches(String(parts[1]))
    }
}
