import HTTPTypes
import Hummingbird

/// Turns away requests whose token does not allow them. Health probes need none: they tell nothing worth hiding.
struct TokenCheck: RouterMiddleware {
    typealias Context = APIRequestContext

    let tokens: AccessTokens

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        if HealthRoutes.paths.contains(request.uri.path) { return try await next(request, context) }
        guard let scope = Self.token(of: request).flatMap(tokens.scope) else {
            throw APIError(
                .unauthorized,
                "This server asks for a token: send 'Authorization: Bearer …'.",
                headers: [.wwwAuthenticate: "Bearer"]
            )
        }
        guard scope >= TokenScope(needed: request.method, request.uri.path) else {
            throw APIError(
                .forbidden,
                "This token allows to read only.",
                headers: [.wwwAuthenticate: #"Bearer error="insufficient_scope", scope="write""#]
            )
        }
        return try await next(request, context)
    }

    private static func token(of request: Request) -> String? {
        let parts = request.headers[.authorization]?.split(separator: " ", maxSplits: 1) ?? []
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }
}
