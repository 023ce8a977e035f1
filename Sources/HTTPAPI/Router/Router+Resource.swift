import HTTPTypes
import Hummingbird

extension Router<APIRequestContext> {
    typealias Handler = @Sendable (Request, APIRequestContext) async throws -> Response

    /// Adds a path with everything that may be done there; every other method is answered with 405 and `Allow`.
    ///
    /// HEAD comes with GET.
    func resource(_ path: RouterPath, _ handlers: [HTTPRequest.Method: Handler]) {
        for (method, handler) in handlers {
            on(path, method: method, use: handler)
        }
        var allowed = Set(handlers.keys)
        if allowed.contains(.get) { allowed.insert(.head) }
        let names = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        for method in HTTPRequest.Method.known where !allowed.contains(method) {
            on(path, method: method) { request, _ -> Response in
                throw APIError(
                    .methodNotAllowed,
                    "\(request.method.rawValue) is not possible here; possible: \(names).",
                    headers: [.allow: names]
                )
            }
        }
    }
}

extension HTTPRequest.Method {
    /// The methods of RFC 9110 and RFC 5789, and QUERY, which clients have begun to use.
    static let known: [HTTPRequest.Method] =
        [.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect] + [Self("QUERY")].compactMap(\.self)
}
