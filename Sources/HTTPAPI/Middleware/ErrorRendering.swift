import HTTPTypes
import Hummingbird
import Logging
import Profiles

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
                func hide(_ text: String) -> String {
                    text.replacing(directory + "/", with: "").replacing(directory, with: name)
                }
                known.message = hide(known.message)
                for index in known.diagnostics.indices {
                    known.diagnostics[index].message = hide(known.diagnostics[index].message)
                }
            }
            if known.code.status.kind == .serverError {
                let cause = (known.cause ?? (error is APIError ? nil : error)).map(String.init(describing:))
                context.logger.error(
                    "Request failed",
                    metadata: ["code": "\(known.code.name)", "error": "\(cause ?? known.message)"]
                )
            }
            var response = try ErrorShape(path: request.uri.path).response(to: known)
            response.headers.append(contentsOf: known.headers)
            // A body behind the answer to HEAD would be read as the start of the next answer.
            return request.method == .head ? response.createHeadResponse() : response
        }
    }
}
