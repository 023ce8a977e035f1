import HTTPTypes
import Hummingbird

extension Router<APIRequestContext> {
    typealias Handler = @Sendable (Request, APIRequestContext) async throws -> Response

    /// Adds a path with everything that may be done there; every other method is answered with 405 and `Allow`.
    ///
    /// HEAD comes with GET.
    func resource(_ path: RouterPath, _ handlers: [HTTPRequest.Method: Handler]) {
        var handlers = handlers
        if let get = handlers[.get] {
            handlers[.head] = { request, context in try await get(request, context).withoutBody }
        }
        for (method, handler) in handlers {
            on(path, method: method, use: handler)
        }
        let names = handlers.keys.map(\.rawValue).sorted().joined(separator: ", ")
        for method in HTTPRequest.Method.known where handlers[method] == nil {
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

extension Response {
    /// The answer to HEAD where this is the one to GET: with the length only if that is known.
    fileprivate var withoutBody: Response {
        guard body.contentLength == nil else { return createHeadResponse() }
        return Response(status: status, headers: headers, body: ResponseBody { try await $0.finish(nil) })
    }
}

extension HTTPRequest.Method {
    /// The methods of RFC 9110 and RFC 5789, and QUERY, which clients have begun to use.
    static let known: [HTTPRequest.Method] =
        [.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect] + [Self("QUERY")].compactMap(\.self)
}
