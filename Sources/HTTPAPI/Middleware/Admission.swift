import Hummingbird

/// Turns away requests before any route sees them: those that are not meant for this server, and those that may not
/// do what they ask for.
struct Admission: RouterMiddleware {
    typealias Context = APIRequestContext

    let hosts: HostPolicy
    /// Nil asks for no token.
    let tokens: AccessTokens?

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        try hosts.admit(request)
        try tokens?.admit(request)
        return try await next(request, context)
    }
}
