import HTTPTypes
import MillmTesting
import Profiles
import Steering
import Testing

struct ProfileReadingTests {
    @Test func `the list is sorted by name and names the active one`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let data = try await managed.send(.get, "/api/profiles").json["data"]
            #expect((0..<3).map { data?["profiles"]?[$0]?["id"] } == ["broken", "dawn", "night"])
            #expect((0..<3).map { data?["profiles"]?[$0]?["is_active"] } == [false, false, true])
            #expect(data?["total"] == 3)
            #expect(data?["active_profile_id"] == "night")
        }
    }

    @Test func `a profile comes with all that is known of it, and its digest as ETag`() async throws {
        try await ManagedProfiles.with { managed in
            let answer = try await managed.send(.get, "/api/profiles/dawn")
            let digest = ContentDigest(of: try managed.read("dawn.yaml").utf8).description
            #expect(answer.status == 200)
            #expect(answer.header("ETag") == "\"\(digest)\"")
            guard case .object(var data) = try answer.json["data"] else {
                Issue.record("no object: \(answer.text)")
                return
            }
            #expect(data.removeValue(forKey: "created_at")?.string.flatMap(Timestamp.init) != nil)
            #expect(data.removeValue(forKey: "updated_at")?.string.flatMap(Timestamp.init) != nil)
            #expect(
                JSON.object(data) == [
                    "id": "dawn", "name": "Dawn", "description": "Early.", "model_id": nil, "sae_id": nil,
                    "layer": nil, "steering": ["4": 1], "feature_count": 1, "is_active": false,
                    "etag": .text(digest), "valid": true, "diagnostics": [],
                ]
            )
        }
    }

    @Test func `an invalid file is shown with its findings, which name the file alone`() async throws {
        try await ManagedProfiles.with { managed in
            let data = try await managed.send(.get, "/api/profiles/broken").json["data"]
            #expect(data?["valid"] == false)
            #expect(data?["name"] == "broken")
            #expect(data?["diagnostics"]?[0]?["file"] == "broken.yaml")
            #expect(data?["diagnostics"]?[0]?["line"] == 2)
        }
    }

    @Test func `the active profile is null until there is one`() async throws {
        try await ManagedProfiles.with { managed in
            let none = try await managed.send(.get, "/api/profiles/active")
            #expect(none.text == #"{"data":null,"error":null,"success":true}"#)
            _ = try await managed.send(.post, "/api/profiles/dawn/activate")
            let some = try await managed.send(.get, "/api/profiles/active")
            #expect(try some.json["data"]?["id"] == "dawn")
            #expect(try some.json["data"]?["is_active"] == true)
        }
    }

    @Test(arguments: [
        ("Grüße an alle", "Gr%C3%BC%C3%9Fe%20an%20alle"), ("🙂", "%F0%9F%99%82"), ("100%", "100%25"),
        ("a+b", "a+b"), ("import", "import"), ("save-current", "save-current"),
    ])
    func `an id is percent-decoded, and any legal one is reachable`(id: String, path: String) async throws {
        try await ManagedProfiles.with { managed in
            try managed.write("version: 1\nname: Odd\nsteering: {5: 1}\n", to: id + ".yaml")
            #expect(try await managed.send(.get, "/api/profiles/\(path)").json["data"]?["id"] == .text(id))
            let activated = try await managed.send(.post, "/api/profiles/\(path)/activate").json["data"]
            #expect(activated?["profile_id"] == .text(id))
            #expect(managed.core.plan.strengths == [5: 1])
        }
    }

    @Test(arguments: [
        ("nobody", "There is no profile 'nobody'."), ("nigth", "There is no profile 'nigth'. Did you mean 'night'?"),
        ("At%20Night", "There is no profile 'At Night'; the profile with that name is 'night'."),
        ("..%2Fnight", "There is no profile '..%2Fnight'."),
    ])
    func `who errs in an id is told which one is meant`(path: String, message: String) async throws {
        try await ManagedProfiles.with { managed in
            try managed.write("version: 1\nname: At Night\nsteering: {5: 1}\n", to: "night.yaml")
            let body = #"{"messages":[{"role":"user","content":"x"}],"profile":"nigth"}"#
            let chat = try await managed.send(.post, "/v1/chat/completions", body)
            #expect(try chat.json["error"]?["message"] == "There is no profile 'nigth'. Did you mean 'night'?")
            for (method, rest) in [(HTTPRequest.Method.get, ""), (.post, "/activate"), (.delete, "")] {
                let answer = try await managed.send(method, "/api/profiles/\(path)\(rest)")
                #expect(answer.status == 404)
                #expect(try answer.json["error"]?["message"] == .text(message))
            }
        }
    }

    @Test(arguments: [
        "nobody", "..%2Fnight", "%00", "%2E%2E", "none", "%ZZ", "%FF", String(repeating: "x", count: 201),
    ])
    func `what is no profile is not found`(path: String) async throws {
        try await ManagedProfiles.with { managed in
            for (method, rest) in [(HTTPRequest.Method.get, ""), (.post, "/activate"), (.post, "/deactivate")] {
                let refusal = try await managed.refusal(method, "/api/profiles/\(path)\(rest)")
                #expect(refusal == Refusal(status: 404, code: "PROFILE_NOT_FOUND"))
            }
        }
    }
}
