import HTTPTypes
import Hummingbird
import Logging

/// Writes one line for each request once its answer is through, and tells the client the request's id.
struct RequestLog: RouterMiddleware {
    typealias Context = APIRequestContext

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response = try await next(request, context)
        response.headers[.requestID] = context.id
        let status = response.status
        let log: @Sendable (_ isWhole: Bool) -> Void = { isWhole in
            context.logger.info(
                "Request",
                metadata: [
                    "method": "\(request.method.rawValue)",
                    // Never the query: a person may have put a secret there.
                    "path": "\(request.uri.path)",
                    "status": "\(status.code)",
                    "ms": "\((ContinuousClock.now - start).milliseconds)",
                    "whole": "\(isWhole)",
                ]
            )
        }
        guard response.body.contentLength == nil else {
            log(true)
            return response
        }
        let body = response.body
        response.body = ResponseBody { writer in
            do {
                try await body.write(writer)
            } catch {
                log(false)
                throw error
            }
            log(true)
        }
        return response
    }
}

extension Duration {
    /// The duration in milliseconds, to the microsecond.
    fileprivate var milliseconds: Double {
        (self / .microseconds(1)).rounded() / 1000
    }
}

extension HTTPField.Name {
    /// The header that carries the id under which the request stands in the log.
    // A literal name is known to be valid.
    // swift-format-ignore: NeverForceUnwrap
    static let requestID = HTTPField.Name("X-Request-Id")!
}
