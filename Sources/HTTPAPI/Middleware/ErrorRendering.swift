import HTTPTypes
import Hummingbird
import Logging

/// Answers every error in the shape that the request's path promises, and says nothing of what it does not know.
struct ErrorRendering: RouterMiddleware {
    typealias Context = APIRequestContext

    /// What errors call the profiles' directory, which is nothing to a client.
    let directory: String?

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            var known = APIError(error)
            if let directory {
                let name = directory.split(separator: "/").last.map(String.init) ?? ""
                known.message = known.message.replacing(directory + "/", with: "").replacing(directory, with: name)
            }
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
