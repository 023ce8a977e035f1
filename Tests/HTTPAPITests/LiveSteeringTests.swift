import Foundation
import HTTPTypes
import MillmTesting
import Profiles
import Steering
import Testing

struct LiveSteeringTests {
    @Test func `the steering tells what the core runs and what it belongs to`() async throws {
        try await ManagedProfiles.with { managed in
            let none = SteeringPlan.unsteered.digest.description
            let before = try await managed.send(.get, "/api/steering").json["data"]
            #expect(
                before == [
                    "steering": [:], "profile_id": nil, "source": nil, "plan_digest": .text(none),
                    "model_id": "Echo-1B", "sae_id": "tiny-sae", "layer": 2,
                ]
            )
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let after = try await managed.send(.get, "/api/steering").json["data"]
            #expect(
                after == [
                    "steering": ["3": 2.5, "7": -1], "profile_id": "night", "source": "directory",
                    "plan_digest": .text(managed.core.plan.digest.description),
                    "model_id": "Echo-1B", "sae_id": "tiny-sae", "layer": 2,
                ]
            )
        }
    }

    @Test func `steering is set without a file, and the link stays`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let body = #"{"steering":{"5":2,"0":-0.5},"strength":1}"#
            let data = try await managed.send(.put, "/api/steering", body).json["data"]
            #expect(managed.core.plan.delta == [-0.5, 0, 0, 0, 0, 2, 0, 0])
            #expect(
                data == [
                    "steering": ["5": 2, "0": -0.5], "profile_id": nil, "source": "api",
                    "plan_digest": .text(managed.core.plan.digest.description),
                    "model_id": "Echo-1B", "sae_id": "tiny-sae", "layer": 2,
                    "warnings": ["The field 'strength' is unknown and was ignored."],
                ]
            )
            #expect(managed.link == "night.yaml")
            let status = try await managed.send(.get, "/api/status").json["data"]
            #expect(status?["state"] == "held")
            #expect(status?["desired"]?["id"] == "night")
            #expect(status?["applied"]?["id"] == JSON.null)
            #expect(status?["applied"]?["source"] == "api")
            #expect(status?["applied"]?["features"] == 2)

            // It can be kept as a profile, and an activation replaces it.
            let kept = try await managed.send(.post, "/api/profiles/save-current", #"{"name":"Kept"}"#).json["data"]
            #expect(kept?["steering"] == ["5": 2, "0": -0.5])
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            #expect(managed.core.plan.strengths == [3: 2.5, 7: -1])
        }
    }

    @Test func `deleting the steering clears it, and leaves the profile the active one`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let data = try await managed.send(.delete, "/api/steering").json["data"]
            #expect(data?["steering"] == [:])
            #expect(data?["source"] == JSON.null)
            #expect(managed.core.plan.isUnsteered)
            #expect(managed.link == "night.yaml")
            #expect(try await managed.send(.get, "/api/status").json["data"]?["state"] == "held")
        }
    }

    @Test(arguments: [
        (#"{"steering":{"1":1,"16":1}}"#, 400, "INVALID_FEATURE_INDEX"),
        (#"{"steering":{"1":1,"01":1}}"#, 400, "INVALID_FEATURE_INDEX"),
        (#"{"steering":{"1":1,"-1":1}}"#, 400, "INVALID_FEATURE_INDEX"),
        (#"{"steering":{"1":10001}}"#, 422, "VALIDATION_ERROR"),
        (#"{"steering":{"1":1e999}}"#, 422, "VALIDATION_ERROR"),
        (#"{"steering":{"1":"1"}}"#, 422, "VALIDATION_ERROR"),
        (#"{"steering":[1]}"#, 422, "VALIDATION_ERROR"), (#"{"steering":null}"#, 422, "VALIDATION_ERROR"),
        ("{}", 422, "VALIDATION_ERROR"), ("[]", 422, "VALIDATION_ERROR"), ("", 400, "MALFORMED_BODY"),
        (#"{"steering":{"1":NaN}}"#, 400, "MALFORMED_BODY"),
    ])
    func `steering is set as a whole or not at all`(body: String, status: Int, code: String) async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let refusal = try await managed.refusal(.put, "/api/steering", body)
            #expect(refusal == Refusal(status: status, code: code))
            #expect(managed.core.plan.strengths == [3: 2.5, 7: -1])
            #expect(try await managed.send(.get, "/api/status").json["data"]?["state"] == "ok")
        }
    }

    @Test func `more features than a profile may have are refused`() async throws {
        try await ManagedProfiles.with { managed in
            let steering = (0...1024).map { #""\#($0)":0"# }.joined(separator: ",")
            let refusal = try await managed.refusal(.put, "/api/steering", #"{"steering":{\#(steering)}}"#)
            #expect(refusal == Refusal(status: 422, code: "VALIDATION_ERROR"))
        }
    }

    @Test func `without an SAE there is nothing to steer by`() async throws {
        try await ManagedProfiles.with(hasSAE: false) { managed in
            let refusal = try await managed.refusal(.put, "/api/steering", #"{"steering":{"1":1}}"#)
            #expect(refusal == Refusal(status: 400, code: "SAE_NOT_ATTACHED"))
            #expect(try await managed.send(.put, "/api/steering", #"{"steering":{}}"#).status == 200)
            let activation = try await managed.refusal(.post, "/api/profiles/night/activate")
            #expect(activation == Refusal(status: 409, code: "PROFILE_INCOMPATIBLE"))
        }
    }

    @Test func `an SAE of another width than the model's is refused`() async throws {
        var narrow = TinySAE()
        narrow.dIn = 4
        try await ManagedProfiles.with(sae: narrow) { managed in
            let refusal = try await managed.refusal(.put, "/api/steering", #"{"steering":{"1":1}}"#)
            #expect(refusal == Refusal(status: 409, code: "PROFILE_INCOMPATIBLE"))
            #expect(managed.core.plan.isUnsteered)
        }
    }
}
