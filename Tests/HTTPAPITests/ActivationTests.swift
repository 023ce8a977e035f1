import Foundation
import HTTPTypes
import MillmTesting
import Profiles
import Steering
import Testing

struct ActivationTests {
    @Test(arguments: [nil, " \r\n\t", "{}", #"{"apply_steering":true,"force":false}"#])
    func `activating moves the link and answers once the core runs the profile`(body: String?) async throws {
        try await ManagedProfiles.with { managed in
            let answer = try await managed.send(.post, "/api/profiles/night/activate", body)
            #expect(managed.core.plan.strengths == [3: 2.5, 7: -1])
            #expect(managed.link == "night.yaml")
            #expect(
                try answer.json["data"] == [
                    "profile_id": "night", "applied_steering": true, "feature_count": 2, "warnings": [],
                ]
            )
        }
    }

    @Test func `an empty profile replaces the steering by none`() async throws {
        try await ManagedProfiles.with { managed in
            try managed.write("version: 1\nname: Plain\nsteering: {}\n", to: "plain.yaml")
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let data = try await managed.send(.post, "/api/profiles/plain/activate").json["data"]
            #expect(data?["applied_steering"] == true)
            #expect(data?["feature_count"] == 0)
            #expect(managed.core.plan.isUnsteered)
        }
    }

    @Test(arguments: [
        ("far.yaml", "version: 1\nname: Far\nsteering: {16: 1}\n", 409, "PROFILE_INCOMPATIBLE"),
        ("other.yaml", "version: 1\nname: Other\nmodel: GPT-2\nsteering: {1: 1}\n", 409, "PROFILE_INCOMPATIBLE"),
        ("torn.yaml", "version: 1\nname: [Torn]\n", 400, "INVALID_PROFILE_FORMAT"),
    ])
    func `what cannot be applied is refused before the link moves`(
        name: String,
        text: String,
        status: Int,
        code: String
    ) async throws {
        try await ManagedProfiles.with { managed in
            try managed.write(text, to: name)
            _ = try await managed.send(.post, "/api/profiles/dawn/activate")
            let refusal = try await managed.refusal(.post, "/api/profiles/\(name.dropLast(5))/activate")
            #expect(refusal == Refusal(status: status, code: code))
            #expect(managed.link == "dawn.yaml")
            #expect(managed.core.plan.strengths == [4: 1])
        }
    }

    @Test func `of several errors each is told in a sentence`() async throws {
        try await ManagedProfiles.with { managed in
            try managed.write("version: 1\nname: Bad\nlayer: x\n", to: "bad.yaml")
            let answer = try await managed.send(.post, "/api/profiles/bad/activate")
            let message = """
                bad.yaml:1:1: error[P023]: the key 'steering' is missing. bad.yaml:3:8: 'x' is no layer.
                """
            #expect(try answer.json["error"]?["message"] == .text(message))
        }
    }

    @Test func `a directory at active is reported and left alone`() async throws {
        try await ManagedProfiles.with { managed in
            try FileManager.default.createDirectory(
                atPath: managed.profiles + "/active",
                withIntermediateDirectories: false
            )
            let broken = Refusal(status: 409, code: "ACTIVE_LINK_BROKEN")
            #expect(try await managed.refusal(.post, "/api/profiles/night/activate") == broken)
            #expect(try await managed.refusal(.get, "/api/profiles/active") == broken)
            #expect(try await managed.send(.get, "/api/profiles").json["data"]?["active_profile_id"] == JSON.null)
        }
    }

    @Test func `unknown fields are ignored and named`() async throws {
        try await ManagedProfiles.with { managed in
            let data = try await managed.send(.post, "/api/profiles/night/activate", #"{"colour":"red"}"#).json["data"]
            #expect(data?["applied_steering"] == true)
            #expect(data?["warnings"] == ["The field 'colour' is unknown and was ignored."])
        }
    }

    @Test func `without apply_steering the link moves and the core stays until the next change`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let body = #"{"apply_steering":false}"#
            let data = try await managed.send(.post, "/api/profiles/dawn/activate", body).json["data"]
            #expect(
                data == ["profile_id": "dawn", "applied_steering": false, "feature_count": 0, "warnings": []]
            )
            #expect(managed.link == "dawn.yaml")
            #expect(managed.core.plan.strengths == [3: 2.5, 7: -1])
            let status = try await managed.send(.get, "/api/status").json["data"]
            #expect(status?["state"] == "held")
            #expect(status?["desired"]?["id"] == "dawn")
            #expect(status?["applied"]?["id"] == "night")

            let applied = try await managed.send(.post, "/api/profiles/dawn/activate").json["data"]
            #expect(applied?["applied_steering"] == true)
            #expect(managed.core.plan.strengths == [4: 1])
        }
    }

    private static let foreign = "version: 1\nname: Foreign\nmodel: GPT-2\nsae: other\nsteering: {1: 1}\n"

    @Test func `force passes over names, says so, and ends with the next activation`() async throws {
        try await ManagedProfiles.with { managed in
            try managed.write(Self.foreign, to: "foreign.yaml")
            let path = "/api/profiles/foreign/activate"
            let refusal = try await managed.send(.post, path).json["error"]
            #expect(
                refusal?["details"]?["mismatches"] == [
                    "The profile is for the model 'GPT-2'; 'Echo-1B' is loaded.",
                    "The profile is for the SAE 'other'; 'tiny-sae' is attached.",
                ]
            )
            let data = try await managed.send(.post, path, #"{"force":true}"#).json["data"]
            #expect(data?["applied_steering"] == true)
            #expect(data?["feature_count"] == 1)
            #expect(
                data?["warnings"] == [
                    "Passed over: The profile is for the model 'GPT-2'; 'Echo-1B' is loaded.",
                    "Passed over: The profile is for the SAE 'other'; 'tiny-sae' is attached.",
                ]
            )
            #expect(managed.core.plan.strengths == [1: 1])
            // Requests may name what is active, forced or not.
            let chat = #"{"messages":[{"role":"user","content":"a b"}],"profile":"foreign"}"#
            #expect(try await managed.send(.post, "/v1/chat/completions", chat).status == 200)

            _ = try await managed.send(.post, "/api/profiles/night/activate")
            #expect(try await managed.send(.post, path).status == 409)
        }
    }

    @Test(arguments: [
        "version: 1\nname: Far\nmodel: GPT-2\nsteering: {16: 1}\n",
        "version: 1\nname: Far\nlayer: 3\nsteering: {1: 1}\n",
    ])
    func `force never passes over an index or a layer`(text: String) async throws {
        try await ManagedProfiles.with { managed in
            try managed.write(text, to: "far.yaml")
            let refusal = try await managed.refusal(.post, "/api/profiles/far/activate", #"{"force":true}"#)
            #expect(refusal == Refusal(status: 409, code: "PROFILE_INCOMPATIBLE"))
            #expect(managed.link == nil)
        }
    }

    @Test(arguments: [
        (#"{"force":"yes"}"#, 422, "VALIDATION_ERROR"), ("[]", 422, "VALIDATION_ERROR"),
        ("{", 400, "MALFORMED_BODY"),
    ])
    func `a body that cannot be read activates nothing`(body: String, status: Int, code: String) async throws {
        try await ManagedProfiles.with { managed in
            let refusal = try await managed.refusal(.post, "/api/profiles/night/activate", body)
            #expect(refusal == Refusal(status: status, code: code))
            #expect(managed.link == nil)
        }
    }

    @Test func `activations in parallel all succeed, and the core runs what the link says`() async throws {
        try await ManagedProfiles.with { managed in
            let answers = try await withThrowingTaskGroup { group in
                for number in 0..<12 {
                    group.addTask {
                        let id = number.isMultiple(of: 2) ? "night" : "dawn"
                        return try await managed.send(.post, "/api/profiles/\(id)/activate").json["data"]
                    }
                }
                return try await group.reduce(into: Set<JSON?>()) { $0.insert($1) }
            }
            // One after the other, each was applied when it was answered.
            #expect(
                answers == [
                    ["profile_id": "night", "applied_steering": true, "feature_count": 2, "warnings": []],
                    ["profile_id": "dawn", "applied_steering": true, "feature_count": 1, "warnings": []],
                ]
            )
            let id = managed.core.plan.origin?.profile.description
            #expect(managed.link == id.map { $0 + ".yaml" })
        }
    }

    @Test func `deactivating the active profile removes the link and clears the steering`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let path = "/api/profiles/night/deactivate?clear_steering=true"
            let data = try await managed.send(.post, path).json["data"]
            #expect(data == ["profile_id": "night", "cleared_steering": true, "warnings": []])
            #expect(managed.link == nil)
            #expect(managed.core.plan.isUnsteered)
        }
    }

    @Test func `deactivating another profile changes nothing`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let data = try await managed.send(.post, "/api/profiles/dawn/deactivate").json["data"]
            #expect(data == ["profile_id": "dawn", "cleared_steering": false, "warnings": []])
            #expect(managed.link == "night.yaml")
            #expect(managed.core.plan.strengths == [3: 2.5, 7: -1])
        }
    }

    @Test func `clear_steering is a switch, and off leaves the core as it is`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let path = "/api/profiles/night/deactivate?clear_steering="
            let invalid = Refusal(status: 422, code: "VALIDATION_ERROR")
            #expect(try await managed.refusal(.post, path + "maybe") == invalid)
            #expect(try await managed.refusal(.post, path + "false&clear_steering=true") == invalid)
            #expect(managed.link == "night.yaml")

            let data = try await managed.send(.post, path + "False").json["data"]
            #expect(data == ["profile_id": "night", "cleared_steering": false, "warnings": []])
            #expect(managed.link == nil)
            #expect(managed.core.plan.strengths == [3: 2.5, 7: -1])
            #expect(try await managed.send(.get, "/api/status").json["data"]?["state"] == "held")

            let steering = try await managed.send(.delete, "/api/steering").json["data"]
            #expect(steering?["steering"] == [:])
            #expect(try await managed.send(.get, "/api/status").json["data"]?["state"] == "inactive")
        }
    }
}
