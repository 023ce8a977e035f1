import HTTPTypes
import Hummingbird
import Logging
import Profiles

/// Gives each request its id, and writes one line for it once its answer is through. What changes something is
/// written at a higher level than what only looks.
struct RequestLog: RouterMiddleware {
    typealias Context = APIRequestContext

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        if let id = RequestID.given(in: request.headers) { context.id = id }
        var response = try await next(request, context)
        response.headers[.requestID] = context.id
        let status = response.status
        let level: Logger.Level = TokenScope(needed: request.method, request.uri.path) == .write ? .notice : .info
        response.whenThrough { [logger = context.logger] isWhole in
            logger.log(
                level: level,
                "Request",
                metadata: [
                    "method": "\(request.method.rawValue)",
                    // Never the query: a person may have put a secret there.
                    "path": "\(request.uri.path.shortened(to: 1000))",
                    "status": .stringConvertible(status.code),
                    "ms": .stringConvertible((ContinuousClock.now - start).milliseconds),
                    "whole": .stringConvertible(isWhole),
                ]
            )
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
