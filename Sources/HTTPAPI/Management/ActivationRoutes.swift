import Hummingbird
import Profiles
import Reconciliation

/// `POST /api/profiles/{id}/activate` and `…/deactivate`: which profile the core runs.
struct ActivationRoutes {
    let desk: ProfileDesk

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
        let data: JSONValue = [
            "profile_id": .string(activation.profile.id.description),
            "applied_steering": .bool(activation.isApplied),
            "feature_count": .integer(activation.featureCount),
        ]
        return .envelope(desk.adding(activation.warnings + (given?.warnings ?? []), to: data))
    }

    private func deactivate(_ request: Request) async throws -> Response {
        let id = try desk.id(in: request)
        let clears = try desk.flag("clear_steering", of: request) ?? true
        let deactivation = try await desk.with(id) { () throws(ProfileError) in
            try await desk.service.deactivate(id, clearsSteering: clears)
        }
        let data: JSONValue = [
            "profile_id": .string(id.description),
            "cleared_steering": .bool(deactivation.isCleared),
        ]
        return .envelope(desk.adding(deactivation.warnings, to: data))
    }
}
