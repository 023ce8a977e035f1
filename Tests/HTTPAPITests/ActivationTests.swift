import Foundation
import HTTPTypes
import MillmTesting
import Profiles
import Steering
import Testing

struct ActivationTests {
    @Test(arguments: [nil, "{}", #"{"apply_steering":true,"force":false}"#])
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

    @Test func `fields that are unknown or not available are ignored and named`() async throws {
        try await ManagedProfiles.with { managed in
            let body = #"{"apply_steering":false,"force":true,"colour":"red"}"#
            let data = try await managed.send(.post, "/api/profiles/night/activate", body).json["data"]
            #expect(data?["applied_steering"] == true)
            #expect(
                data?["warnings"] == [
                    "'apply_steering: false' is not available and was ignored.",
                    "'force' is not available and was ignored.",
                    "The field 'colour' is unknown and was ignored.",
                ]
            )
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
            let statuses = try await withThrowingTaskGroup { group in
                for number in 0..<12 {
                    group.addTask {
                        let id = number.isMultiple(of: 2) ? "night" : "dawn"
                        return try await managed.send(.post, "/api/profiles/\(id)/activate").status
                    }
                }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(statuses == [200])
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

    @Test func `clear_steering is a switch, and its off is named as not available`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let path = "/api/profiles/night/deactivate?clear_steering="
            let invalid = Refusal(status: 422, code: "VALIDATION_ERROR")
            #expect(try await managed.refusal(.post, path + "maybe") == invalid)
            #expect(managed.link == "night.yaml")
            let data = try await managed.send(.post, path + "false").json["data"]
            #expect(data?["cleared_steering"] == true)
            #expect(data?["warnings"] == ["'clear_steering=false' is not available and was ignored."])
        }
    }
}
