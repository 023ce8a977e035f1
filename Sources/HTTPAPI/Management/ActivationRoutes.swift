import Hummingbird
import Profiles
import Reconciliation

/// `POST /api/profiles/{id}/activate` and `…/deactivate`: which profile the core runs.
struct ActivationRoutes {
    let desk: ProfileDesk

    private struct Activated: Encodable {
        var profileID: String
        var appliedSteering: Bool
        var featureCount: Int
        var warnings: [String]

        enum CodingKeys: String, CodingKey {
            case profileID = "profile_id"
            case appliedSteering = "applied_steering"
            case featureCount = "feature_count"
            case warnings
        }
    }

    private struct Deactivated: Encodable {
        var profileID: String
        var clearedSteering: Bool
        var warnings: [String]

        enum CodingKeys: String, CodingKey {
            case profileID = "profile_id"
            case clearedSteering = "cleared_steering"
            case warnings
        }
    }

    func add(to router: Router<APIRequestContext>) {
        for segment in ProfileRoutes.segments {
            router.resource(
                "/api/profiles/\(segment)/activate",
                [.post: { request, _ in try await activate(request) }]
            )
            router.resource(
                "/api/profiles/\(segment)/deactivate",
                [.post: { request, _ in try await deactivate(request) }]
            )
        }
    }

    private func activate(_ request: Request) async throws -> Response {
        var request = request
        let id = try desk.id(in: request)
        let given = try await desk.optionalBody(ActivationBody.self, of: &request)
        let activation = try await desk.with(id) { () throws(ProfileError) in
            try await desk.service.activate(
                id,
                appliesSteering: given?.body.applySteering ?? true,
                force: given?.body.force ?? false
            )
        }
        return try .json(
            Envelope(
                Activated(
                    profileID: activation.profile.id.description,
                    appliedSteering: activation.isApplied,
                    featureCount: activation.featureCount,
                    warnings: activation.warnings + (given?.warnings ?? [])
                )
            )
        )
    }

    private func deactivate(_ request: Request) async throws -> Response {
        let id = try desk.id(in: request)
        let clears = try desk.flag("clear_steering", of: request) ?? true
        let deactivation = try await desk.with(id) { () throws(ProfileError) in
            try await desk.service.deactivate(id, clearsSteering: clears)
        }
        return try .json(
            Envelope(
                Deactivated(
                    profileID: id.description,
                    clearedSteering: deactivation.isCleared,
                    warnings: deactivation.warnings
                )
            )
        )
    }
}
