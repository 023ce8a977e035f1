import Hummingbird

/// `GET /healthz` (the process lives) and `GET /readyz` (it wants requests), for supervisors and load balancers.
struct HealthRoutes {
    /// The paths that are answered without a token.
    static let paths: Set<String> = ["/healthz", "/readyz"]

    let readiness: Readiness

    private struct Health: Encodable {
        var status: String
    }

    func add(to router: Router<APIRequestContext>) {
        router.resource("/healthz", [.get: { _, _ in try .json(Health(status: "ok")) }])
        router.resource(
            "/readyz",
            [
                .get: { _, _ in
                    let state = readiness.state
                    return try .json(
                        Health(status: state.rawValue),
                        status: state == .ready ? .ok : .serviceUnavailable
                    )
                }
            ]
        )
    }
}
