import HTTPTypes
import Hummingbird

extension AccessTokens {
    /// Turns away a request whose token does not allow it. Health probes need none: they tell nothing worth hiding.
    ///
    /// - Throws: ``APIError`` `.unauthorized`, `.forbidden`.
    func admit(_ request: Request) throws(APIError) {
        if HealthRoutes.paths.contains(request.uri.path) { return }
        guard let scope = Self.token(of: request).flatMap(scope) else {
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
    }

    private static func token(of request: Request) -> String? {
        let parts = request.headers[.authorization]?.split(separator: " ", maxSplits: 1) ?? []
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }
}
