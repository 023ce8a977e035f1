import Hummingbird
import Profiles

/// `GET /api/openapi.json`: the description of this very API, outside of the envelope, as tools expect it.
struct OpenAPIRoutes {
    static let path = "/api/openapi.json"

    // Written when somebody asks for the first time.
    private static let open = ByteBuffer(string: OpenAPIDocument(hasTokens: false).json.text())
    private static let guarded = ByteBuffer(string: OpenAPIDocument(hasTokens: true).json.text())

    /// Whether the server asks for a token.
    let hasTokens: Bool

    func add(to router: Router<APIRequestContext>) {
        router.resource(
            RouterPath(Self.path),
            [.get: { _, _ in .json(hasTokens ? Self.guarded : Self.open) }]
        )
    }
}
