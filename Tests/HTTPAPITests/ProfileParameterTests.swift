import HTTPAPI
import MillmTesting
import Profiles
import Steering
import Testing
import YAML

struct ProfileParameterTests {
    @Test func `without a profile the active steering applies to all choices alike`() async throws {
        let api = APIUnderTest()
        let plan = try SteeringPlan.steering(7, 2.5, profile: "king-james")
        try api.core.apply(plan)

        let answer = try await api.chat(#""n":2"#)

        let json = try answer.json
        let texts = (0..<2).map { json["choices"]?[$0]?["message"]?["content"] }
        #expect(texts == ["world big hello [7=2.5]", "world big hello [7=2.5]"])
        #expect(
            json["steering"] == [
                "profile": "king-james",
                "digest": .text(ContentDigest(of: Array("king-james".utf8)).description),
                "sae": "echo-l2", "layer": 2, "features": 1,
            ]
        )
        #expect(answer.header("X-Millm-Profile") == "king-james")
        #expect(api.core.requests.map(\.plan) == [plan, plan])
    }

    @Test func `a profile steers its own request and leaves the active one alone`() async throws {
        let active = try SteeringPlan.steering(7, 2.5, profile: "king-james")
        let other = try SteeringPlan.steering(88, -1, profile: "pirate")
        let api = APIUnderTest(plans: ["Pirate!": .success(other)])
        try api.core.apply(active)

        let answer = try await api.chat(#""profile":"Pirate!""#)

        #expect(try answer.json["choices"]?[0]?["message"]?["content"] == "world big hello [88=-1.0]")
        #expect(try answer.json["steering"]?["profile"] == "pirate")
        #expect(answer.header("X-Millm-Profile") == "pirate")
        #expect(api.core.plan == active)
    }

    @Test func `none means unsteered whatever is active`() async throws {
        let api = APIUnderTest()
        try api.core.apply(try .steering(7, 2.5, profile: "king-james"))

        let answer = try await api.chat(#""profile":"none""#)

        #expect(try answer.json["choices"]?[0]?["message"]?["content"] == "world big hello")
        #expect(try answer.json["steering"]?["profile"] == JSON.null)
        #expect(answer.header("X-Millm-Profile") == "none")
    }

    @Test func `steering without a file is not called none`() async throws {
        let api = APIUnderTest()
        var plan = try SteeringPlan.steering(7, 2.5, profile: "king-james")
        plan = SteeringPlan(origin: nil, sae: plan.sae, layer: plan.layer, strengths: plan.strengths, delta: plan.delta)
        try api.core.apply(plan)
        let answer = try await api.chat()
        #expect(try answer.json["steering"]?["features"] == 1)
        #expect(answer.header("X-Millm-Profile") == "/api/steering")
    }

    @Test(arguments: [("Grüße 🙂", "Gr%C3%BC%C3%9Fe%20%F0%9F%99%82"), ("100%", "100%25"), ("a+b_c.d", "a+b_c.d")])
    func `the header carries any id`(id: String, encoded: String) async throws {
        let api = APIUnderTest(plans: [id: .success(try .steering(1, 1, profile: id))])
        let answer = try await api.chat(#""profile":"\#(id)""#)
        #expect(answer.header("X-Millm-Profile") == encoded)
        #expect(try answer.json["steering"]?["profile"] == .text(id))
    }

    @Test func `a profile without features is named in the receipt`() async throws {
        let origin = SteeringPlan.Origin(profile: try ProfileID("calm"), digest: ContentDigest(of: []))
        let plan = SteeringPlan(origin: origin, sae: nil, layer: nil, strengths: [:], delta: [])
        let answer = try await APIUnderTest(plans: ["calm": .success(plan)]).chat(#""profile":"calm""#)
        #expect(try answer.json["steering"]?["profile"] == "calm")
        #expect(try answer.json["steering"]?["features"] == 0)
        #expect(answer.header("X-Millm-Profile") == "calm")
    }

    @Test(arguments: [false, true])
    func `an unknown profile is 404 and nothing is generated`(stream: Bool) async throws {
        let api = APIUnderTest()
        let answer = try await api.chat(#""profile":"nobody","stream":\#(stream)"#)
        #expect(answer.status == 404)
        #expect(
            try answer.json == [
                "error": [
                    "message": "There is no profile 'nobody'.", "type": "invalid_request_error",
                    "param": "profile", "code": "profile_not_found",
                ]
            ]
        )
        #expect(api.core.requests.isEmpty)
    }

    @Test func `an incompatible profile is 409 and says why and where`() async throws {
        let place = SourceLocation(
            file: "/srv/profiles/calm.yaml",
            range: SourceRange(
                SourcePosition(offset: 40, line: 5, column: 8),
                SourcePosition(offset: 42, line: 5, column: 10)
            )
        )
        let error = ProfileError(
            .incompatible,
            "'calm' does not fit the loaded model.",
            diagnostics: [Diagnostic(.duplicateKey, "layer 12 is not the SAE's layer, which is 2", at: place)]
        )
        let answer = try await APIUnderTest(plans: ["calm": .failure(error)]).chat(#""profile":"calm""#)
        #expect(answer.status == 409)
        #expect(
            try answer.json["error"] == [
                "message": """
                'calm' does not fit the loaded model. calm.yaml:5:8: layer 12 is not the SAE's layer, which is 2.
                """,
                "type": "invalid_request_error", "param": "profile", "code": "profile_incompatible",
            ]
        )
    }

    @Test func `an invalid file is 400, and the operating system's words stay inside`() async throws {
        let invalid = ProfileError(.invalidFormat, "'calm' is no valid profile.")
        let unreadable = ProfileError(.inputOutput, "open /srv/profiles/calm.yaml: permission denied")
        let api = APIUnderTest(plans: ["calm": .failure(invalid), "locked": .failure(unreadable)])

        let first = try await api.chat(#""profile":"calm""#)
        #expect(first.status == 400)
        #expect(try first.json["error"]?["code"] == "invalid_profile_format")

        let second = try await api.chat(#""profile":"locked""#)
        #expect(second.status == 500)
        #expect(try second.json["error"]?["code"] == "io_error")
        #expect(!second.text.contains("/srv"))
        #expect(api.log.lines.contains { $0.fields["error"]?.contains("permission denied") == true })
    }
}
