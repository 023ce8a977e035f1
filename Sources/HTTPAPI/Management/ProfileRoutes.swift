import Hummingbird
import Profiles
import Reconciliation

/// `/api/profiles`, `/api/profiles/active` and `/api/profiles/{id}`: the profiles themselves.
struct ProfileRoutes {
    let desk: ProfileDesk

    /// How the part of the path that names a profile is matched: words that have a meaning of their own there are
    /// ids all the same.
    static let segments = ["{id}", "import", "save-current"]

    func add(to router: Router<APIRequestContext>) {
        router.resource("/api/profiles", [.get: { _, _ in try await list() }])
        router.resource("/api/profiles/active", [.get: { _, _ in try await active() }])
        for segment in Self.segments {
            router.resource("/api/profiles/\(segment)", [.get: { request, _ in try await show(request) }])
        }
    }

    private func list() async throws -> Response {
        let files = try await desk.service.repository.all()
        let activeID = try await desk.service.activeID()
        let data: JSONValue = [
            "profiles": .array(files.map { desk.object($0, activeID: activeID) }),
            "total": .integer(files.count),
            "active_profile_id": JSONValue(activeID?.description),
        ]
        return try .json(Envelope(data))
    }

    private func active() async throws -> Response {
        guard let file = try await desk.service.repository.active() else { return try .json(Envelope(JSONValue.null)) }
        return try await desk.answer(file)
    }

    private func show(_ request: Request) async throws -> Response {
        let id = try desk.id(in: request)
        let file = try await desk.with(id) { () throws(ProfileError) in try await desk.service.repository.profile(id) }
        return try await desk.answer(file)
    }
}
