import HTTPTypes
import Hummingbird
import Profiles
import Reconciliation

/// `/api/profiles` and what lies under it: the profiles themselves.
struct ProfileRoutes {
    let desk: ProfileDesk

    /// How the part of the path that names a profile is matched: words that have a meaning of their own there are
    /// ids all the same.
    static let segments = ["{id}", "import", "save-current"]

    func add(to router: Router<APIRequestContext>) {
        router.resource(
            "/api/profiles",
            [
                .get: { _, _ in try await list() },
                .post: { request, _ in try await create(request) },
            ]
        )
        router.resource("/api/profiles/active", [.get: { _, _ in try await active() }])
        for segment in Self.segments {
            router.resource("/api/profiles/\(segment)", handlers(at: segment))
        }
    }

    private func handlers(at segment: String) -> [HTTPRequest.Method: Router<APIRequestContext>.Handler] {
        var handlers: [HTTPRequest.Method: Router<APIRequestContext>.Handler] = [
            .get: { request, _ in try await show(request) },
            .put: { request, _ in try await update(request) },
            .patch: { request, _ in try await update(request) },
            .delete: { request, _ in try await delete(request) },
        ]
        switch segment {
        case "import":
            handlers[.post] = { request, _ in try await TransferRoutes(desk: desk).importProfile(request) }
        case "save-current":
            handlers[.post] = { request, _ in try await saveCurrent(request) }
        default: break
        }
        return handlers
    }

    private func list() async throws -> Response {
        let files = try await desk.service.all()
        return desk.answer(files, activeID: try await desk.activeID())
    }

    private func active() async throws -> Response {
        guard let file = try await desk.active() else { return .envelope(.null) }
        return try await desk.answer(file)
    }

    private func show(_ request: Request) async throws -> Response {
        let id = try desk.id(in: request)
        let file = try await desk.with(id, doubt: \.doubt) { () throws(ProfileError) in
            try await desk.service.repository.profile(id)
        }
        return try await desk.answer(file)
    }

    private func create(_ request: Request) async throws -> Response {
        var request = request
        let given = try await desk.body(ProfileBody.self, of: &request)
        guard let name = given.body.fields.name else {
            throw APIError(.validationError, "'name' is missing.", parameter: "name")
                .pointing(into: given.bytes, of: ProfileBody.names)
        }
        let written = try await given.fulfilled { try await desk.service.create(name: name, given.body.fields) }
        return try await desk.answer(written.file, warnings: written.warnings + given.warnings)
    }

    private func saveCurrent(_ request: Request) async throws -> Response {
        var request = request
        let given = try await desk.body(SaveCurrentBody.self, of: &request)
        let fields = ProfileChanges(description: given.body.description)
        let written = try await given.fulfilled { try await desk.service.create(name: given.body.name, fields) }
        return try await desk.answer(written.file, warnings: written.warnings + given.warnings)
    }

    private func update(_ request: Request) async throws -> Response {
        var request = request
        let id = try desk.id(in: request)
        let given = try await desk.body(ProfileBody.self, of: &request)
        let expected = try await desk.expectation(in: request, about: id)
        let written = try await given.fulfilled {
            try await desk.with(id) { () throws(ProfileError) in
                try await desk.service.update(id, given.body.fields, expecting: expected)
            }
        }
        return try await desk.answer(written.file, warnings: written.warnings + given.warnings)
    }

    private func delete(_ request: Request) async throws -> Response {
        let id = try desk.id(in: request)
        let expected = try await desk.expectation(in: request, about: id)
        try await desk.with(id) { () throws(ProfileError) in
            try await desk.service.delete(id, expecting: expected)
        }
        let data: JSONValue = ["profile_id": .string(id.description)]
        return .envelope(data)
    }
}
