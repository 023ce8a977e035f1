import Foundation
import HTTPTypes
import MillmTesting
import Profiles
import Steering
import Testing

/// Export here, import elsewhere, export there: nothing is lost or changed on the way.
@Suite(.timeLimit(.minutes(5)))
struct RoundTripTests {
    /// Profiles that are hard to carry, as the body that creates them.
    private static let bodies: [String] = {
        let all = (0..<1024).map { #""\#($0)":\#(Double($0) * 9.765 - 5000)"# }.joined(separator: ",")
        return [
            #"{"name":"Plain","steering":{}}"#,
            #"{"name":"no","description":"~","model_id":"123","sae_id":"0x0F","layer":2,"steering":{"0":0}}"#,
            #"{"name":"Grüße \"🙂\" \\ 漢字","description":"é ≠ e\u0301\n\n# no comment\n","steering":{"7":-1e-300}}"#,
            #"{"name":"א: - ב # ג","description":"\u2028 \u00a0","steering":{"1":0.1,"2":1e4,"3":-10000}}"#,
            #"{"name":"\#(String(repeating: "ß", count: 100))","steering":{\#(all)}}"#,
        ]
    }()

    @Test(arguments: bodies, ProfileExport.allCases)
    func `an export is the same after an import elsewhere`(body: String, form: ProfileExport) async throws {
        try await ManagedProfiles.with { here in
            let created = try await here.send(.post, "/api/profiles", body)
            let id = try #require(try created.json["data"]?["id"]?.string)
            let path = try "/api/profiles/" + #require(id.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            let first = try await here.send(.get, "\(path)/export?format=\(form.rawValue)")
            try await ManagedProfiles.with { there in
                let imported = try await there.send(
                    .post,
                    "/api/profiles/import",
                    first.text,
                    headers: [.contentType: try #require(first.header("Content-Type"))]
                )
                #expect(imported.status == 200, "\(imported.text)")
                #expect(try imported.json["data"]?["id"] == .text(id))
                let second = try await there.send(.get, "\(path)/export?format=\(form.rawValue)")
                // Times are the files' own, and not in them.
                #expect(Self.withoutTimes(second.text) == Self.withoutTimes(first.text))
                let (mine, its) = (try created.json["data"], try imported.json["data"])
                for key in ["name", "description", "model_id", "sae_id", "layer", "steering", "feature_count"] {
                    #expect(mine?[key] == its?[key], "\(key)")
                }
            }
        }
    }

    /// One profile as miLLM and people write it.
    private static let dropped: [(String, String)] = [
        (
            "envelope.json",
            #"""
            {"version":"1.0","type":"millm_profile","profile":{"name":"Été 🙂","description":"Warm.","model":"Echo-1B",
            "sae":"tiny-sae","layer":2,"steering":{"3":1.5,"7":-2}},"exported_at":"2026-01-30T12:00:00Z",
            "exported_from":"miLLM"}
            """#
        ),
        (
            "flat.json",
            #"""
            {"version":"1.0","name":"Été 🙂","description":"Warm.","model_id":"Echo-1B","sae_id":"tiny-sae","layer":2,
            "steering":{"3":1.5,"7":-2},"created_at":"2026-01-30T12:00:00Z","updated_at":"2026-01-30T12:00:00Z"}
            """#
        ),
        (
            "row.json",
            #"""
            {"id":"p1","name":"Été 🙂","description":"Warm.","model_id":"Echo-1B","sae_id":"tiny-sae","layer":2,
            "steering":{"3":1.5,"7":-2},"is_active":true,"created_at":"2026-01-30T12:00:00Z",
            "updated_at":"2026-01-30T12:00:00Z"}
            """#
        ),
        (
            "version0.yaml",
            "name: Été 🙂\ndescription: Warm.\nmodel_id: Echo-1B\nsae_id: tiny-sae\nlayer: 2\nsteering: {3: 1.5, 7: -2}\n"
        ),
        (
            "version1.yaml",
            "version: 1\nname: Été 🙂  # summer\ndescription: Warm.\nmodel: Echo-1B\nsae: tiny-sae\nlayer: 2\n"
                + "steering:\n  3: 1.5\n  7: -2\n"
        ),
    ]

    @Test(arguments: dropped)
    func `all formats come to the same profile, imported or dropped in`(name: String, text: String) async throws {
        try await ManagedProfiles.with { managed in
            let type = name.hasSuffix(".json") ? "application/json" : "application/yaml"
            let imported = try await managed.send(
                .post,
                "/api/profiles/import",
                text,
                headers: [.contentType: type]
            ).json["data"]
            let id = try #require(imported?["id"]?.string)
            #expect(id == "été-🙂")
            _ = try await managed.send(.delete, "/api/profiles/%C3%A9t%C3%A9-%F0%9F%99%82")
            try managed.write(text, to: name)
            let dropped = try await managed.send(.get, "/api/profiles/\(name.prefix { $0 != "." })").json["data"]
            for data in [imported, dropped] {
                #expect(data?["valid"] == true, "\(String(describing: data))")
                #expect(data?["name"] == "Été 🙂")
                #expect(data?["description"] == "Warm.")
                #expect(data?["model_id"] == "Echo-1B")
                #expect(data?["sae_id"] == "tiny-sae")
                #expect(data?["layer"] == 2)
                #expect(data?["steering"] == ["3": 1.5, "7": -2])
            }
            let activated = try await managed.send(.post, "/api/profiles/\(name.prefix { $0 != "." })/activate")
            #expect(try activated.json["data"]?["feature_count"] == 2)
            #expect(managed.core.plan.strengths == [3: 1.5, 7: -2])
        }
    }

    @Test func `an imported profile file keeps its comments`() async throws {
        try await ManagedProfiles.with { managed in
            let text = "# mine\nversion: 1\nname: Late   # at night\nsteering:\n  3: 1  # three\n"
            let answer = try await managed.send(
                .post,
                "/api/profiles/import",
                text,
                headers: [.contentType: "application/yaml"]
            )
            #expect(answer.status == 200)
            #expect(try managed.read("late.yaml") == text)
        }
    }

    private static func withoutTimes(_ text: String) -> String {
        text.replacing(/"(created|updated|exported)_at": "[^"]*"/, with: "")
    }
}
