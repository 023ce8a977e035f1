import Hummingbird
import ProfileDirectory
import Profiles
import Reconciliation

/// `/api/steering`: what the core runs now, and steering for the moment, without a file.
struct SteeringRoutes {
    let desk: ProfileDesk

    func add(to router: Router<APIRequestContext>) {
        router.resource(
            "/api/steering",
            [
                .get: { _, _ in try answer() },
                .put: { request, _ in try await set(request) },
                .delete: { _, _ in
                    try await desk.service.steer(by: [:])
                    return try answer()
                },
            ]
        )
    }

    private func set(_ request: Request) async throws -> Response {
        var request = request
        let given = try await desk.body(SteeringBody.self, of: &request)
        let places = ProfileDecoder.decode(given.bytes, file: BodyFindings.file).ranges.features
        try await given.fulfilled {
            try await desk.service.steer(by: given.body.steering.strengths, from: BodyFindings.file, at: places)
        }
        return try answer(warnings: given.warnings)
    }

    /// - Parameter warnings: What the answer tells besides; nil for answers to requests without a body.
    private func answer(warnings: [String]? = nil) throws -> Response {
        guard let steering = desk.service.currentSteering else {
            throw APIError(.unavailable, "No model runs here that could be steered.")
        }
        let strengths = steering.strengths.sorted { $0.key < $1.key }
        let members: JSONValue = [
            "steering": .object(strengths.map { JSONValue.Member(String($0.key), .number($0.value)) }),
            "profile_id": JSONValue(steering.profile?.description),
            "source": JSONValue(steering.source?.rawValue),
            "plan_digest": .string(steering.planDigest.description),
            "model_id": .string(steering.model),
            "sae_id": JSONValue(steering.sae),
            "layer": JSONValue(steering.layer),
        ]
        return .envelope(desk.adding(warnings, to: members))
    }
}
