import Foundation
import HTTPAPI
import HTTPTypes
import MillmTesting
import Profiles
import Reconciliation
import Steering
import Testing

/// Every management route against every outcome that SPEC §7 has for it: one cell, one request through the real
/// router on a real directory. What the answers hold is tested where the routes are.
struct RouteOutcomeTests {
    /// What there is before the request. There are always the profiles `night` and `dawn`, `broken` with errors,
    /// `far` with a feature that the SAE has not got, and `foreign` for another model.
    enum Scene: String, Sendable {
        /// No profile is active.
        case idle
        /// `night` is active and applied.
        case active
        /// `night` is active, and other steering is set without a file.
        case live
        /// Something that must not be replaced is at `active`.
        case blocked
        /// The directory has been removed.
        case gone
        /// The daemon runs without an SAE.
        case unattached
        /// The daemon asks for a token.
        case guarded
    }

    struct Cell: Sendable, CustomTestStringConvertible {
        var scene = Scene.idle
        var request: String
        var body: String?
        var ifMatch: String?
        var contentType = "application/json"
        var status: Int
        /// Nil for an answer that is no error.
        var code: String?

        var method: HTTPRequest.Method {
            HTTPRequest.Method(rawValue: String(request.prefix { $0 != " " })) ?? .get
        }
        var path: String { String(request.drop { $0 != " " }.dropFirst()) }

        var testDescription: String {
            "\(scene.rawValue): \(request) \(body?.prefix(60) ?? "") → \(status) \(code ?? "")"
        }

        /// An answer without an error.
        static func ok(
            _ request: String,
            _ body: String? = nil,
            in scene: Scene = .idle,
            ifMatch: String? = nil
        ) -> Cell {
            Cell(scene: scene, request: request, body: body, ifMatch: ifMatch, status: 200)
        }

        /// A refusal.
        static func no(
            _ status: Int,
            _ code: String,
            _ request: String,
            _ body: String? = nil,
            in scene: Scene = .idle,
            ifMatch: String? = nil,
            as contentType: String = "application/json"
        ) -> Cell {
            Cell(
                scene: scene,
                request: request,
                body: body,
                ifMatch: ifMatch,
                contentType: contentType,
                status: status,
                code: code
            )
        }
    }

    private static let named = #"{"name":"Late","steering":{"1":1}}"#
    /// As many features as fit into a body.
    private static let crowd = "{" + (0..<80_000).map { #""\#($0)":1"# }.joined(separator: ",") + "}"
    private static let flat = #"{"version":"1.0","name":"Late","steering":{"1":1}}"#

    private static let reading: [Cell] = [
        .ok("GET /api/profiles"), .ok("GET /api/profiles", in: .active), .ok("GET /api/profiles", in: .blocked),
        .no(503, "STORAGE_GONE", "GET /api/profiles", in: .gone),
        .no(405, "METHOD_NOT_ALLOWED", "PUT /api/profiles", "{}"),
        .no(401, "UNAUTHORIZED", "GET /api/profiles", in: .guarded),

        .ok("GET /api/profiles/night"), .ok("GET /api/profiles/broken"), .ok("GET /api/profiles/night", in: .blocked),
        .no(404, "PROFILE_NOT_FOUND", "GET /api/profiles/nobody"),
        .no(404, "PROFILE_NOT_FOUND", "GET /api/profiles/..%2Fnight"),
        .no(404, "PROFILE_NOT_FOUND", "GET /api/profiles/%00"),
        .no(503, "STORAGE_GONE", "GET /api/profiles/night", in: .gone),
        .no(405, "METHOD_NOT_ALLOWED", "POST /api/profiles/night", "{}"),
        .no(401, "UNAUTHORIZED", "GET /api/profiles/night", in: .guarded),

        .ok("GET /api/profiles/active"), .ok("GET /api/profiles/active", in: .active),
        .no(409, "ACTIVE_LINK_BROKEN", "GET /api/profiles/active", in: .blocked),
        .no(503, "STORAGE_GONE", "GET /api/profiles/active", in: .gone),
        .no(405, "METHOD_NOT_ALLOWED", "DELETE /api/profiles/active"),
        .no(401, "UNAUTHORIZED", "GET /api/profiles/active", in: .guarded),

        .ok("GET /api/status"), .ok("GET /api/status", in: .active), .ok("GET /api/status", in: .live),
        .ok("GET /api/status", in: .gone), .ok("GET /api/status", in: .unattached),
        .no(405, "METHOD_NOT_ALLOWED", "POST /api/status"),
        .no(401, "UNAUTHORIZED", "GET /api/status", in: .guarded),

        .ok("HEAD /api/events"), .no(405, "METHOD_NOT_ALLOWED", "POST /api/events"),
        .no(401, "UNAUTHORIZED", "GET /api/events", in: .guarded),
    ]

    private static let creating: [Cell] = [
        .ok("POST /api/profiles", named), .ok("POST /api/profiles", #"{"name":"Late"}"#),
        .ok("POST /api/profiles", #"{"name":"Late"}"#, in: .live),
        .ok("POST /api/profiles", #"{"name":"Late"}"#, in: .unattached),
        // What does not fit the SAE may still be kept, for another one.
        .ok("POST /api/profiles", #"{"name":"Late","steering":{"99":1},"model_id":"GPT-2"}"#),
        .no(409, "PROFILE_ALREADY_EXISTS", "POST /api/profiles", #"{"name":"Night","steering":{}}"#),
        .no(400, "INVALID_FEATURE_INDEX", "POST /api/profiles", #"{"name":"Late","steering":{"x":1}}"#),
        .no(422, "VALIDATION_ERROR", "POST /api/profiles", #"{"name":"Late","steering":{"1":10001}}"#),
        .no(422, "VALIDATION_ERROR", "POST /api/profiles", #"{"name":"Late","steering":{"1":1e999}}"#),
        .no(422, "VALIDATION_ERROR", "POST /api/profiles", #"{"name":" "}"#),
        .no(422, "VALIDATION_ERROR", "POST /api/profiles", #"{"name":"Late","steering":\#(crowd)}"#),
        .no(422, "VALIDATION_ERROR", "POST /api/profiles", "{}"),
        .no(422, "VALIDATION_ERROR", "POST /api/profiles", "[]"),
        .no(400, "MALFORMED_BODY", "POST /api/profiles", "{"), .no(400, "MALFORMED_BODY", "POST /api/profiles", ""),
        .no(400, "INVALID_CONTENT_TYPE", "POST /api/profiles", named, as: "text/plain"),
        .no(413, "BODY_TOO_LARGE", "POST /api/profiles", String(repeating: " ", count: 1 << 20) + "{}"),
        .no(503, "STORAGE_GONE", "POST /api/profiles", named, in: .gone),
        .no(401, "UNAUTHORIZED", "POST /api/profiles", named, in: .guarded),

        .ok("POST /api/profiles/save-current", #"{"name":"Late"}"#),
        .ok("POST /api/profiles/save-current", #"{"name":"Late"}"#, in: .active),
        .ok("POST /api/profiles/save-current", #"{"name":"Late"}"#, in: .live),
        .ok("POST /api/profiles/save-current", #"{"name":"Late"}"#, in: .unattached),
        .no(409, "PROFILE_ALREADY_EXISTS", "POST /api/profiles/save-current", #"{"name":"Night"}"#),
        .no(422, "VALIDATION_ERROR", "POST /api/profiles/save-current", "{}"),
        .no(422, "VALIDATION_ERROR", "POST /api/profiles/save-current", #"{"name":"a\u0000"}"#),
        .no(400, "MALFORMED_BODY", "POST /api/profiles/save-current", #"{"name":"\ud800"}"#),
        .no(503, "STORAGE_GONE", "POST /api/profiles/save-current", #"{"name":"Late"}"#, in: .gone),
        .no(401, "UNAUTHORIZED", "POST /api/profiles/save-current", "{}", in: .guarded),
        .no(404, "PROFILE_NOT_FOUND", "GET /api/profiles/save-current"),

        .ok("POST /api/profiles/import", flat), .ok("POST /api/profiles/import?replace=true", flat),
        .ok(
            "POST /api/profiles/import?replace=true",
            #"{"version":"1.0","name":"Night","steering":{"1":1}}"#,
            in: .active
        ),
        .no(409, "PROFILE_ALREADY_EXISTS", "POST /api/profiles/import", #"{"name":"Night","steering":{}}"#),
        .no(400, "INVALID_PROFILE_FORMAT", "POST /api/profiles/import", #"{"name":"Late","steering":{"-1":1}}"#),
        .no(400, "INVALID_PROFILE_FORMAT", "POST /api/profiles/import", #"{"name":"Late","steering":{"1":1e999}}"#),
        .no(400, "INVALID_PROFILE_FORMAT", "POST /api/profiles/import", "{}"),
        .no(422, "VALIDATION_ERROR", "POST /api/profiles/import?replace=maybe", flat),
        .no(400, "MALFORMED_BODY", "POST /api/profiles/import", ""),
        .no(400, "INVALID_CONTENT_TYPE", "POST /api/profiles/import", flat, as: "application/x-www-form-urlencoded"),
        .no(413, "BODY_TOO_LARGE", "POST /api/profiles/import", String(repeating: " ", count: 1 << 20) + flat),
        .no(503, "STORAGE_GONE", "POST /api/profiles/import", flat, in: .gone),
        .no(401, "UNAUTHORIZED", "POST /api/profiles/import", flat, in: .guarded),
    ]

    private static let changing: [Cell] = ["PUT", "PATCH"].flatMap { method -> [Cell] in
        [
            .ok("\(method) /api/profiles/night", #"{"description":"Dark."}"#),
            .ok("\(method) /api/profiles/night", #"{"steering":{"1":1}}"#, in: .active),
            .ok("\(method) /api/profiles/night", #"{"name":"Nacht"}"#, ifMatch: "*"),
            .ok("\(method) /api/profiles/night", "{}"),
            .no(404, "PROFILE_NOT_FOUND", "\(method) /api/profiles/nobody", "{}"),
            .no(409, "PROFILE_ALREADY_EXISTS", "\(method) /api/profiles/night", #"{"name":"Dawn"}"#),
            .no(412, "PROFILE_CONFLICT", "\(method) /api/profiles/night", "{}", ifMatch: "\"old\""),
            .no(400, "INVALID_PROFILE_FORMAT", "\(method) /api/profiles/broken", #"{"name":"Mended"}"#),
            .no(400, "INVALID_FEATURE_INDEX", "\(method) /api/profiles/night", #"{"steering":{"1.0":1}}"#),
            .no(422, "VALIDATION_ERROR", "\(method) /api/profiles/night", #"{"layer":99999999999}"#),
            .no(422, "VALIDATION_ERROR", "\(method) /api/profiles/night", #"{"name":7}"#),
            .no(422, "VALIDATION_ERROR", "\(method) /api/profiles/night", #"{"steering":\#(crowd)}"#),
            .no(400, "MALFORMED_BODY", "\(method) /api/profiles/night", "{,}"),
            .no(400, "INVALID_CONTENT_TYPE", "\(method) /api/profiles/night", "{}", as: "text/plain"),
            .no(413, "BODY_TOO_LARGE", "\(method) /api/profiles/night", String(repeating: " ", count: 1 << 20) + "{}"),
            .no(503, "STORAGE_GONE", "\(method) /api/profiles/night", "{}", in: .gone),
            .no(401, "UNAUTHORIZED", "\(method) /api/profiles/night", "{}", in: .guarded),
        ]
    }

    private static let deleting: [Cell] = [
        .ok("DELETE /api/profiles/night"), .ok("DELETE /api/profiles/broken"),
        .ok("DELETE /api/profiles/dawn", in: .active), .ok("DELETE /api/profiles/night", ifMatch: "*"),
        .no(404, "PROFILE_NOT_FOUND", "DELETE /api/profiles/nobody"),
        .no(409, "PROFILE_ACTIVE", "DELETE /api/profiles/night", in: .active),
        .no(409, "PROFILE_ACTIVE", "DELETE /api/profiles/night", in: .live),
        .no(412, "PROFILE_CONFLICT", "DELETE /api/profiles/night", ifMatch: "\"old\""),
        .no(503, "STORAGE_GONE", "DELETE /api/profiles/night", in: .gone),
        .no(401, "UNAUTHORIZED", "DELETE /api/profiles/night", in: .guarded),
    ]

    private static let activating: [Cell] = [
        .ok("POST /api/profiles/night/activate"), .ok("POST /api/profiles/night/activate", "{}"),
        .ok("POST /api/profiles/dawn/activate", in: .active), .ok("POST /api/profiles/night/activate", in: .live),
        .ok("POST /api/profiles/dawn/activate", #"{"apply_steering":false}"#, in: .active),
        .ok("POST /api/profiles/foreign/activate", #"{"force":true}"#),
        .no(404, "PROFILE_NOT_FOUND", "POST /api/profiles/nobody/activate"),
        .no(409, "PROFILE_INCOMPATIBLE", "POST /api/profiles/far/activate"),
        .no(409, "PROFILE_INCOMPATIBLE", "POST /api/profiles/far/activate", #"{"force":true}"#),
        .no(409, "PROFILE_INCOMPATIBLE", "POST /api/profiles/far/activate", #"{"apply_steering":false}"#),
        .no(409, "PROFILE_INCOMPATIBLE", "POST /api/profiles/foreign/activate"),
        .no(409, "PROFILE_INCOMPATIBLE", "POST /api/profiles/night/activate", in: .unattached),
        .no(400, "INVALID_PROFILE_FORMAT", "POST /api/profiles/broken/activate"),
        .no(400, "INVALID_PROFILE_FORMAT", "POST /api/profiles/broken/activate", #"{"force":true}"#),
        .no(409, "ACTIVE_LINK_BROKEN", "POST /api/profiles/night/activate", in: .blocked),
        .no(422, "VALIDATION_ERROR", "POST /api/profiles/night/activate", #"{"force":1}"#),
        .no(400, "MALFORMED_BODY", "POST /api/profiles/night/activate", "force"),
        .no(400, "INVALID_CONTENT_TYPE", "POST /api/profiles/night/activate", "{}", as: "text/plain"),
        .no(405, "METHOD_NOT_ALLOWED", "GET /api/profiles/night/activate"),
        .no(503, "STORAGE_GONE", "POST /api/profiles/night/activate", in: .gone),
        .no(401, "UNAUTHORIZED", "POST /api/profiles/night/activate", in: .guarded),

        .ok("POST /api/profiles/night/deactivate"), .ok("POST /api/profiles/night/deactivate", in: .active),
        .ok("POST /api/profiles/dawn/deactivate", in: .active), .ok("POST /api/profiles/night/deactivate", in: .live),
        .ok("POST /api/profiles/night/deactivate?clear_steering=false", in: .active),
        .ok("POST /api/profiles/broken/deactivate"),
        .no(404, "PROFILE_NOT_FOUND", "POST /api/profiles/nobody/deactivate"),
        .no(422, "VALIDATION_ERROR", "POST /api/profiles/night/deactivate?clear_steering=2"),
        .no(405, "METHOD_NOT_ALLOWED", "GET /api/profiles/night/deactivate"),
        .no(503, "STORAGE_GONE", "POST /api/profiles/night/deactivate", in: .gone),
        .no(401, "UNAUTHORIZED", "POST /api/profiles/night/deactivate", in: .guarded),

        .ok("GET /api/profiles/night/export"), .ok("GET /api/profiles/night/export?format=flat"),
        .ok("GET /api/profiles/night/export?format=yaml"),
        .no(404, "PROFILE_NOT_FOUND", "GET /api/profiles/nobody/export"),
        .no(400, "INVALID_PROFILE_FORMAT", "GET /api/profiles/broken/export"),
        .no(422, "VALIDATION_ERROR", "GET /api/profiles/night/export?format=xml"),
        .no(405, "METHOD_NOT_ALLOWED", "POST /api/profiles/night/export"),
        .no(503, "STORAGE_GONE", "GET /api/profiles/night/export", in: .gone),
        .no(401, "UNAUTHORIZED", "GET /api/profiles/night/export", in: .guarded),
    ]

    private static let steering: [Cell] = [
        .ok("GET /api/steering"), .ok("GET /api/steering", in: .active), .ok("GET /api/steering", in: .live),
        .ok("GET /api/steering", in: .unattached), .ok("GET /api/steering", in: .gone),
        .ok("PUT /api/steering", #"{"steering":{"1":1}}"#), .ok("PUT /api/steering", #"{"steering":{}}"#, in: .active),
        .ok("PUT /api/steering", #"{"steering":{"1":1}}"#, in: .live),
        .ok("PUT /api/steering", #"{"steering":{}}"#, in: .unattached),
        .no(400, "SAE_NOT_ATTACHED", "PUT /api/steering", #"{"steering":{"1":1}}"#, in: .unattached),
        .no(400, "INVALID_FEATURE_INDEX", "PUT /api/steering", #"{"steering":{"16":1}}"#),
        .no(400, "INVALID_FEATURE_INDEX", "PUT /api/steering", #"{"steering":{"1_0":1}}"#),
        .no(422, "VALIDATION_ERROR", "PUT /api/steering", #"{"steering":{"1":-10001}}"#),
        .no(422, "VALIDATION_ERROR", "PUT /api/steering", #"{"steering":\#(crowd)}"#),
        .no(422, "VALIDATION_ERROR", "PUT /api/steering", "{}"),
        .no(400, "MALFORMED_BODY", "PUT /api/steering", "{"),
        .no(400, "INVALID_CONTENT_TYPE", "PUT /api/steering", "{}", as: "text/plain"),
        .no(413, "BODY_TOO_LARGE", "PUT /api/steering", String(repeating: " ", count: 1 << 20) + "{}"),
        .no(401, "UNAUTHORIZED", "PUT /api/steering", "{}", in: .guarded),
        .ok("DELETE /api/steering"), .ok("DELETE /api/steering", in: .active), .ok("DELETE /api/steering", in: .live),
        .no(401, "UNAUTHORIZED", "DELETE /api/steering", in: .guarded),
        .no(405, "METHOD_NOT_ALLOWED", "POST /api/steering", "{}"),
        .no(404, "NOT_FOUND", "GET /api/steering/1"), .no(404, "NOT_FOUND", "GET /api"),
    ]

    private static let cells = reading + creating + changing + deleting + activating + steering

    @Test(arguments: cells)
    func `a route has the outcome that is promised`(cell: Cell) async throws {
        try await ManagedProfiles.with(hasSAE: cell.scene != .unattached) { managed in
            try await Self.set(cell.scene, managed)
            var headers: HTTPFields = [.contentType: cell.contentType]
            headers[.ifMatch] = cell.ifMatch
            let token = cell.scene == .guarded ? BearerToken("s3cret") : nil
            let before = Self.files(managed)
            let answer = try await managed.send(cell.method, cell.path, cell.body, headers: headers, token: token)
            #expect(answer.status == cell.status, "\(answer.text)")
            guard cell.method != .head else { return }
            #expect(!answer.text.contains(managed.root), "an answer must not tell where the directory is")
            guard let code = cell.code else { return }
            let json = try answer.json
            #expect(json["success"] == false)
            #expect(json["data"] == JSON.null)
            #expect(json["error"]?["code"] == .text(code))
            #expect(json["error"]?["message"]?.string?.isEmpty == false)
            #expect(json["error"]?["details"] != nil)
            #expect(Self.files(managed) == before, "what is refused must change nothing")
        }
    }

    @Test func `the cells cover every route, and every code of the contract`() {
        let reached = Set(
            Self.cells.filter { $0.status == 200 }.map { cell in
                let path = cell.path.prefix { $0 != "?" }
                return "\(cell.method) "
                    + path.replacing(/profiles\/(night|dawn|broken|foreign)/, with: "profiles/{id}")
            }
        )
        #expect(
            reached.isSuperset(of: [
                "GET /api/profiles", "POST /api/profiles", "GET /api/profiles/{id}", "PUT /api/profiles/{id}",
                "PATCH /api/profiles/{id}", "DELETE /api/profiles/{id}", "GET /api/profiles/active",
                "POST /api/profiles/{id}/activate", "POST /api/profiles/{id}/deactivate",
                "GET /api/profiles/{id}/export", "POST /api/profiles/import", "POST /api/profiles/save-current",
                "GET /api/steering", "PUT /api/steering", "DELETE /api/steering", "GET /api/status",
                "HEAD /api/events",
            ])
        )
        #expect(
            Set(Self.cells.compactMap(\.code)).isSuperset(of: [
                "PROFILE_NOT_FOUND", "PROFILE_ALREADY_EXISTS", "PROFILE_ACTIVE", "PROFILE_INCOMPATIBLE",
                "PROFILE_CONFLICT", "INVALID_PROFILE_FORMAT", "VALIDATION_ERROR", "SAE_NOT_ATTACHED",
                "INVALID_FEATURE_INDEX", "UNAUTHORIZED",
            ])
        )
    }

    private static func set(_ scene: Scene, _ managed: ManagedProfiles) async throws {
        try managed.write("version: 1\nname: Far\nsteering: {16: 1}\n", to: "far.yaml")
        try managed.write("version: 1\nname: Foreign\nmodel: GPT-2\nsteering: {1: 1}\n", to: "foreign.yaml")
        _ = await managed.loader.reconcile()
        switch scene {
        case .idle, .unattached, .guarded: break
        case .active: _ = try await managed.service.activate(ProfileID("night"))
        case .live:
            _ = try await managed.service.activate(ProfileID("night"))
            try await managed.service.steer(by: [5: 2])
        case .blocked:
            try FileManager.default.createDirectory(
                atPath: managed.profiles + "/active",
                withIntermediateDirectories: false
            )
        case .gone: try FileManager.default.removeItem(atPath: managed.profiles)
        }
    }

    /// Each file's content, and what the core runs.
    private static func files(_ managed: ManagedProfiles) -> [String: String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: managed.profiles)) ?? []
        var files: [String: String] = [:]
        for name in names { files[name] = (try? managed.read(name)) ?? "" }
        files[" link"] = managed.link
        files[" plan"] = managed.core.plan.digest.description
        return files
    }
}
