import HTTPTypes
import MillmTesting
import Profiles
import Steering
import Testing

@testable import HTTPAPI

struct TransferTests {
    @Test func `an export is miLLM's envelope as a file to save`() async throws {
        try await ManagedProfiles.with { managed in
            let answer = try await managed.send(.get, "/api/profiles/dawn/export")
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type") == "application/json")
            #expect(answer.header("Content-Disposition") == #"attachment; filename="dawn.json""#)
            #expect(
                try answer.json == [
                    "version": "1.0", "type": "millm_profile",
                    "profile": [
                        "name": "Dawn", "description": "Early.", "model": nil, "sae": nil, "layer": nil,
                        "steering": ["4": 1],
                    ],
                    "exported_at": "2026-01-30T12:00:00.000000Z", "exported_from": "millm-profiles",
                ]
            )
        }
    }

    @Test func `other formats are asked for by name`() async throws {
        try await ManagedProfiles.with { managed in
            let flat = try await managed.send(.get, "/api/profiles/dawn/export?format=flat").json
            #expect(flat["version"] == "1.0")
            #expect(flat["steering"] == ["4": 1])
            let yaml = try await managed.send(.get, "/api/profiles/dawn/export?format=yaml")
            #expect(yaml.header("Content-Type") == "application/yaml")
            #expect(yaml.header("Content-Disposition") == #"attachment; filename="dawn.yaml""#)
            #expect(yaml.text == "version: 1\nname: Dawn\ndescription: Early.\nsteering:\n  4: 1.0\n")
        }
    }

    @Test(arguments: [
        ("dawn/export?format=xml", 422, "VALIDATION_ERROR"), ("nobody/export", 404, "PROFILE_NOT_FOUND"),
        ("broken/export", 400, "INVALID_PROFILE_FORMAT"),
        ("dawn/export?format=flat&format=yaml", 422, "VALIDATION_ERROR"),
    ])
    func `an export that cannot be is refused`(path: String, status: Int, code: String) async throws {
        try await ManagedProfiles.with { managed in
            let refusal = try await managed.refusal(.get, "/api/profiles/\(path)")
            #expect(refusal == Refusal(status: status, code: code))
        }
    }

    @Test(arguments: [
        ("dawn.json", #"attachment; filename="dawn.json""#),
        ("Été 🙂.json", #"attachment; filename="_t_ _.json"; filename*=UTF-8''%C3%89t%C3%A9%20%F0%9F%99%82.json"#),
        (#"a"b\c:d"#, #"attachment; filename="a_b_c_d""#),
        ("50%", #"attachment; filename="50_"; filename*=UTF-8''50%25"#),
        ("gpj\u{202E}.exe", #"attachment; filename="gpj_.exe""#),
    ])
    func `a name to save by is told to old and new clients`(name: String, header: String) {
        #expect(ContentDisposition(saving: name).headerValue == header)
    }

    @Test(arguments: ["envelope", "flat", "yaml"])
    func `an export comes back as the same profile`(format: String) async throws {
        let name = "Grüße \\\"🙂\\\""
        let steering = (0..<1024).map { #""\#($0)":\#(Double($0) / 8)"# }.joined(separator: ",")
        var sae = TinySAE()
        sae.dSAE = 1024
        try await ManagedProfiles.with(sae: sae) { managed in
            let body = #"{"name":"\#(name)","description":"a\nb","layer":2,"steering":{\#(steering)}}"#
            let created = try await managed.send(.post, "/api/profiles", body).json["data"]
            #expect(created?["id"] == "grüße-🙂")
            let path = "/api/profiles/gr%C3%BC%C3%9Fe-%F0%9F%99%82"
            let first = try await managed.send(.get, "\(path)/export?format=\(format)")
            _ = try await managed.send(.delete, path)

            let type = try #require(first.header("Content-Type"))
            let imported = try await managed.send(
                .post,
                "/api/profiles/import",
                first.text,
                headers: [.contentType: type]
            ).json["data"]
            #expect(imported?["id"] == "grüße-🙂")
            #expect(imported?["name"] == "Grüße \"🙂\"")
            #expect(imported?["steering"] == created?["steering"])
            #expect(imported?["description"] == "a\nb")
            #expect(imported?["warnings"] == [])
        }
    }

    @Test func `unknown fields of miLLM's formats are ignored and named, those of a profile file refused`() async throws
    {
        try await ManagedProfiles.with { managed in
            let body = #"{"version":"1.0","name":"Late","tags":["x"],"steering":{"1":1}}"#
            let data = try await managed.send(.post, "/api/profiles/import", body).json["data"]
            #expect(data?["id"] == "late")
            #expect(data?["valid"] == true)
            #expect(data?["warnings"] == ["body:1:32: unknown key 'tags', which was ignored."])
            let file = "version: 1\nname: Later\ntags: x\nsteering: {1: 1}\n"
            let yaml: HTTPFields = [.contentType: "application/yaml"]
            let refusal = try await managed.refusal(.post, "/api/profiles/import", file, headers: yaml)
            #expect(refusal == Refusal(status: 400, code: "INVALID_PROFILE_FORMAT"))
        }
    }

    private static let night = #"{"version":"1.0","name":"Night","steering":{"1":1}}"#

    @Test func `a name that is taken is replaced only if that is asked for`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let taken = Refusal(status: 409, code: "PROFILE_ALREADY_EXISTS")
            #expect(try await managed.refusal(.post, "/api/profiles/import", Self.night) == taken)
            #expect(try await managed.refusal(.post, "/api/profiles/import?replace=false", Self.night) == taken)
            #expect(managed.core.plan.strengths == [3: 2.5, 7: -1])

            let data = try await managed.send(.post, "/api/profiles/import?replace=true", Self.night).json["data"]
            #expect(data?["id"] == "night")
            #expect(data?["is_active"] == true)
            #expect(managed.core.plan.strengths == [1: 1])
        }
    }

    @Test(arguments: [
        ("", "{", "application/json", 400, "MALFORMED_BODY"),
        ("", "name: Late", "text/plain", 400, "INVALID_CONTENT_TYPE"),
        ("", "version: 1\nname: Late\nsteering: {x: 1}\n", "text/yaml; charset=utf-8", 400, "INVALID_PROFILE_FORMAT"),
        ("", #"{"name":"Late","steering":{"1":"?","2":1}}"#, "application/json", 400, "INVALID_PROFILE_FORMAT"),
        ("", "[]", "application/json", 400, "INVALID_PROFILE_FORMAT"),
        ("?replace=perhaps", "{}", "application/json", 422, "VALIDATION_ERROR"),
        ("?replace=true&replace=false", "{}", "application/json", 422, "VALIDATION_ERROR"),
    ])
    func `an import is whole or not at all`(
        query: String,
        body: String,
        type: String,
        status: Int,
        code: String
    ) async throws {
        try await ManagedProfiles.with { managed in
            let refusal = try await managed.refusal(
                .post,
                "/api/profiles/import\(query)",
                body,
                headers: [.contentType: type]
            )
            #expect(refusal == Refusal(status: status, code: code))
            #expect(try await managed.send(.get, "/api/profiles").json["data"]?["total"] == 3)
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.post, "/api/profiles/night", "DELETE, GET, HEAD, PATCH, PUT"),
        (.put, "/api/profiles", "GET, HEAD, POST"), (.get, "/api/profiles/night/activate", "POST"),
        (.get, "/api/profiles/night/deactivate", "POST"), (.post, "/api/profiles/night/export", "GET, HEAD"),
        (.post, "/api/profiles/active", "GET, HEAD"), (.post, "/api/steering", "DELETE, GET, HEAD, PUT"),
    ])
    func `a wrong method is told the right ones`(
        method: HTTPRequest.Method,
        path: String,
        allowed: String
    ) async throws {
        try await ManagedProfiles.with { managed in
            let answer = try await managed.send(method, path)
            #expect(answer.status == 405)
            #expect(answer.header("Allow") == allowed)
            #expect(try answer.json["error"]?["code"] == "METHOD_NOT_ALLOWED")
        }
    }
}
