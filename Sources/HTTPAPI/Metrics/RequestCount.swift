import HTTPTypes
import Hummingbird

/// Counts each request once its answer is through.
struct RequestCount: RouterMiddleware {
    typealias Context = APIRequestContext

    let metrics: RequestMetrics

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        metrics.begin()
        var response = try await next(request, context)
        let route = RequestMetrics.Route(
            method: HTTPRequest.Method.known.contains(request.method) ? request.method.rawValue : "other",
            template: context.endpointPath.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "unknown"
        )
        let status = response.status.code
        response.whenThrough { [metrics] _ in
            metrics.end(route, status: status, after: ContinuousClock.now - start)
        }
        return response
    }
}
