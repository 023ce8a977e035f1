import HTTPTypes
import Hummingbird
import Logging

/// Answers every error in the shape that the request's path promises, and says nothing of what it does not know.
struct ErrorRendering: RouterMiddleware {
    typealias Context = APIRequestContext

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let known = APIError(error)
            if known.code.status.kind == .serverError {
                context.logger.error(
                    "Request failed",
                    metadata: ["code": "\(known.code.name)", "error": "\(String(describing: known.cause ?? error))"]
                )
            }
            var response = try ErrorShape(path: request.uri.path).response(to: known)
            response.headers.append(contentsOf: known.headers)
            // A body behind the answer to HEAD would be read as the start of the next answer.
            return request.method == .head ? response.createHeadResponse() : response
        }
    }
}
