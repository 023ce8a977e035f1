import Foundation
import HTTPTypes
import MillmTesting
import Profiles
import Steering
import Testing

struct ProfileEditingTests {
    @Test func `a created profile is a file named after it`() async throws {
        try await ManagedProfiles.with { managed in
            let body = """
                {"name":"Été à Paris","description":"Warm.","steering":{"5":1.5},"model_id":"Echo-1B","sae_id":"tiny-sae",
                 "layer":2,"colour":"red"}
                """
            let answer = try await managed.send(.post, "/api/profiles", body)
            let data = try answer.json["data"]
            #expect(answer.status == 200)
            #expect(data?["id"] == "été-à-paris")
            #expect(data?["steering"] == ["5": 1.5])
            #expect(data?["warnings"] == ["The field 'colour' is unknown and was ignored."])
            let file = """
                version: 1
                name: Été à Paris
                description: Warm.
                model: Echo-1B
                sae: tiny-sae
                layer: 2
                steering:
                  5: 1.5

                """
            #expect(try managed.read("été-à-paris.yaml") == file)
            let etag = ContentDigest(of: file.utf8).description
            #expect(answer.header("ETag") == "\"\(etag)\"")
        }
    }

    @Test(arguments: [
        ("/api/profiles", #"{"name":"Kept","steering":null,"model_id":null}"#),
        ("/api/profiles/save-current", #"{"name":"Kept"}"#),
    ])
    func `without steering a profile takes what the core runs`(path: String, body: String) async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let data = try await managed.send(.post, path, body).json["data"]
            #expect(data?["steering"] == ["3": 2.5, "7": -1])
            #expect(data?["model_id"] == "Echo-1B")
            #expect(data?["sae_id"] == "tiny-sae")
            #expect(data?["layer"] == 2)
            #expect(data?["is_active"] == false)
            #expect(managed.link == "night.yaml")
        }
    }

    @Test(arguments: [
        (#"{"name":"Night","steering":{}}"#, 409, "PROFILE_ALREADY_EXISTS"),
        (#"{"steering":{}}"#, 422, "VALIDATION_ERROR"), (#"{"name":"  "}"#, 422, "VALIDATION_ERROR"),
        (#"{"name":"a\u0000b"}"#, 422, "VALIDATION_ERROR"), (#"{"name":7}"#, 422, "VALIDATION_ERROR"),
        (#"{"name":"\ud800"}"#, 400, "MALFORMED_BODY"), (#"{"name":"x","#, 400, "MALFORMED_BODY"),
        (#"{"name":"x","steering":{"1":1e999}}"#, 422, "VALIDATION_ERROR"),
        (#"{"name":"x","steering":{"1":10001}}"#, 422, "VALIDATION_ERROR"),
        (#"{"name":"x","steering":{"1":"2"}}"#, 422, "VALIDATION_ERROR"),
        (#"{"name":"x","steering":{"1":null}}"#, 422, "VALIDATION_ERROR"),
        (#"{"name":"x","steering":{"1":1,"1":2}}"#, 422, "VALIDATION_ERROR"),
        (#"{"name":"x","name":"y","steering":{}}"#, 422, "VALIDATION_ERROR"),
        (#"{"name":"x","steering":{"1_0":1}}"#, 400, "INVALID_FEATURE_INDEX"),
        (#"{"name":"x","steering":{" 7 ":1}}"#, 400, "INVALID_FEATURE_INDEX"),
        (#"{"name":"x","steering":{"1.0":1}}"#, 400, "INVALID_FEATURE_INDEX"),
        (#"{"name":"x","steering":{"-1":1}}"#, 400, "INVALID_FEATURE_INDEX"),
        (#"{"name":"x","steering":{"99999999999999999999":1}}"#, 400, "INVALID_FEATURE_INDEX"),
        (#"{"name":"x","steering":{},"layer":99999999999}"#, 422, "VALIDATION_ERROR"),
        (#"{"name":"x","steering":{},"layer":1.5}"#, 422, "VALIDATION_ERROR"),
    ])
    func `what cannot be a profile is refused, and no file is written`(
        body: String,
        status: Int,
        code: String
    ) async throws {
        try await ManagedProfiles.with { managed in
            let refusal = try await managed.refusal(.post, "/api/profiles", body)
            #expect(refusal == Refusal(status: status, code: code))
            #expect(try await managed.send(.get, "/api/profiles").json["data"]?["total"] == 3)
        }
    }

    @Test(
        arguments: [
            (HTTPRequest.Method.patch, "/api/profiles/night", #"{"name":null}"#, "name", "must be a text, not null"),
            (.put, "/api/profiles/night", #"{"layer":1,"layer":2}"#, "layer", "is given more than once"),
            (.patch, "/api/profiles/night", #"{"steering":{"3":1,"3":2}}"#, "steering.3", "is given more than once"),
            (.put, "/api/steering", #"{"steering":{"3":1,"3":2}}"#, "steering.3", "is given more than once"),
            (.put, "/api/steering", #"{"steering":{"3":1e400}}"#, "steering.3", "must be a number"),
            (.patch, "/api/profiles/night", #"{"steering":{"3":null}}"#, "steering.3", "must be a number"),
        ]
    )
    func `a change that cannot be meant is refused with the field that is to blame`(
        method: HTTPRequest.Method,
        path: String,
        body: String,
        field: String,
        rule: String
    ) async throws {
        try await ManagedProfiles.with { managed in
            let before = try managed.read("night.yaml")
            let answer = try await managed.send(method, path, body)
            #expect(answer.status == 422)
            #expect(try answer.json["error"]?["details"]?["parameter"] == .text(field))
            #expect(try answer.json["error"]?["message"] == .text("'\(field)' \(rule)."))
            #expect(try managed.read("night.yaml") == before)
            #expect(managed.core.plan == .unsteered)
        }
    }

    @Test func `what is saved but does not fit is said at once, whichever way it came`() async throws {
        try await ManagedProfiles.with { managed in
            let feature = "Feature 16 does not exist; the SAE 'tiny-sae' has features 0 to 15."
            let expected: JSON = [.text("It is saved, but does not fit: " + feature)]
            let file = #"{"version":"1.0","name":"Far away","steering":{"16":1}}"#
            for (method, path, body) in [
                (HTTPRequest.Method.post, "/api/profiles", #"{"name":"Far","steering":{"16":1}}"#),
                (.patch, "/api/profiles/dawn", #"{"steering":{"16":1}}"#),
                (.post, "/api/profiles/import", file), (.post, "/api/profiles/import?replace=true", file),
            ] {
                let answer = try await managed.send(method, path, body)
                #expect(answer.status == 200)
                #expect(try answer.json["data"]?["warnings"] == expected, "\(path)")
            }
            let fitting = try await managed.send(.post, "/api/profiles", #"{"name":"Near","steering":{"15":1}}"#)
            #expect(try fitting.json["data"]?["warnings"] == [])
            let model = try await managed.send(.patch, "/api/profiles/near", #"{"model_id":"Other","layer":3}"#)
            #expect(
                try model.json["data"]?["warnings"] == [
                    """
                    It is saved, but does not fit: The profile is for the model 'Other'; 'Echo-1B' is loaded. \
                    The profile is for layer 3; the SAE 'tiny-sae' is for layer 2.
                    """
                ]
            )
        }
    }

    @Test(arguments: [HTTPRequest.Method.put, .patch])
    func `a change keeps the other fields and every comment`(method: HTTPRequest.Method) async throws {
        try await ManagedProfiles.with { managed in
            let text = "version: 1\nname: Dusk  # at 8\ndescription: Late.\nsteering:\n  3: 2\n"
            try managed.write(text, to: "dusk.yaml")
            let body = #"{"steering":{"3":4.5},"description":null,"id":"dusk"}"#
            let data = try await managed.send(method, "/api/profiles/dusk", body).json["data"]
            #expect(data?["name"] == "Dusk")
            #expect(data?["description"] == JSON.null)
            #expect(data?["warnings"] == ["The field 'id' is unknown and was ignored."])
            #expect(try managed.read("dusk.yaml") == "version: 1\nname: Dusk  # at 8\nsteering:\n  3: 4.5\n")
        }
    }

    @Test func `a change of the active profile is answered once the core has followed`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            _ = try await managed.send(.patch, "/api/profiles/night", #"{"steering":{"1":9}}"#)
            #expect(managed.core.plan.strengths == [1: 9])

            let answer = try await managed.send(.patch, "/api/profiles/night", #"{"steering":{"16":1}}"#)
            let warning = try answer.json["data"]?["warnings"]?[0]?.string
            #expect(answer.status == 200)
            #expect(warning?.hasPrefix("The profile is active, and cannot be applied as it is now: ") == true)
            #expect(warning?.contains("Feature 16 does not exist") == true)
            #expect(managed.core.plan.strengths == [1: 9])
        }
    }

    @Test(arguments: [
        "garbage", "\(String(repeating: "0", count: 64))", "sha256:00", "\"open", "W/", "w/\"a\"", "\"a\"\"b\"",
        "\"a\" b",
        "*, \"a\"", "\"a b\"",
    ])
    func `a condition that is none is told so, and nothing else`(condition: String) async throws {
        try await ManagedProfiles.with { managed in
            let before = try managed.read("dawn.yaml")
            for name in [HTTPField.Name.ifMatch, .ifNoneMatch] {
                let answer = try await managed.send(
                    .patch,
                    "/api/profiles/dawn",
                    #"{"layer":2}"#,
                    headers: [name: condition]
                )
                #expect(answer.status == 400)
                #expect(try answer.json["error"]?["code"] == "BAD_REQUEST")
                #expect(try answer.json["error"]?["details"]?["parameter"] == .text(name.rawName))
                #expect(try answer.json["error"]?["message"]?.string?.contains("in quotes") == true)
            }
            #expect(try managed.read("dawn.yaml") == before)
        }
    }

    @Test func `a list of conditions may have gaps, and commas in a hash`() async throws {
        try await ManagedProfiles.with { managed in
            let tag = "\"\(ContentDigest(of: try managed.read("dawn.yaml").utf8))\""
            let condition = ",\t\"a,b\" ,, W/\"c\",\(tag), "
            let answer = try await managed.send(
                .patch,
                "/api/profiles/dawn",
                #"{"layer":2}"#,
                headers: [.ifMatch: condition]
            )
            #expect(answer.status == 200)
        }
    }

    @Test func `a profile without steering says so when it is made of none`() async throws {
        try await ManagedProfiles.with { managed in
            let remark: JSON = ["The model is not steered now, so the profile steers nothing."]
            for (path, name) in [("/api/profiles", "One"), ("/api/profiles/save-current", "Two")] {
                let answer = try await managed.send(.post, path, #"{"name":"\#(name)"}"#)
                #expect(try answer.json["data"]?["warnings"] == remark)
                #expect(try answer.json["data"]?["model_id"] == "Echo-1B")
            }
            let given = try await managed.send(.post, "/api/profiles", #"{"name":"Three","steering":{}}"#)
            #expect(try given.json["data"]?["warnings"] == [])
            #expect(try given.json["data"]?["model_id"] == JSON.null)
        }
    }

    @Test func `a change that is based on another content is a conflict`() async throws {
        try await ManagedProfiles.with { managed in
            let before = try managed.read("dawn.yaml")
            let current = "\"\(ContentDigest(of: before.utf8))\""
            let conflict = Refusal(status: 412, code: "PROFILE_CONFLICT")
            let conditions: [HTTPFields] =
                ["\"old\"", "W/\(current)", ""].map { [.ifMatch: $0] }
                + ["*", current, "W/\(current)", "\"old\", \(current)"].map { [.ifNoneMatch: $0] }
                + [[.ifMatch: current, .ifNoneMatch: "*"]]
            for headers in conditions {
                for method in [HTTPRequest.Method.put, .patch, .delete] {
                    let refusal = try await managed.refusal(
                        method,
                        "/api/profiles/dawn",
                        #"{"layer":2}"#,
                        headers: headers
                    )
                    #expect(refusal == conflict)
                }
            }
            #expect(try managed.read("dawn.yaml") == before)

            let tags = "\"old\", \(current)"
            let changed = try await managed.send(
                .patch,
                "/api/profiles/dawn",
                #"{"layer":2}"#,
                headers: [.ifMatch: tags, .ifNoneMatch: "\"old\""]
            )
            #expect(changed.status == 200)
            #expect(changed.header("ETag") != current)
            let deleted = try await managed.send(.delete, "/api/profiles/dawn", headers: [.ifMatch: "*"])
            #expect(deleted.status == 200)
        }
    }

    @Test(arguments: [
        ("dawn", #"{"name":"Night"}"#, 409, "PROFILE_ALREADY_EXISTS"),
        ("dawn", #"{"name":""}"#, 422, "VALIDATION_ERROR"),
        ("dawn", #"{"steering":{"x":1}}"#, 400, "INVALID_FEATURE_INDEX"),
        ("nobody", #"{"name":"Somebody"}"#, 404, "PROFILE_NOT_FOUND"),
        ("broken", #"{"name":"Mended"}"#, 400, "INVALID_PROFILE_FORMAT"),
    ])
    func `a change that cannot be is refused`(id: String, body: String, status: Int, code: String) async throws {
        try await ManagedProfiles.with { managed in
            let refusal = try await managed.refusal(.put, "/api/profiles/\(id)", body)
            #expect(refusal == Refusal(status: status, code: code))
        }
    }

    @Test func `a profile is deleted, but never the active one`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let active = try await managed.refusal(.delete, "/api/profiles/night")
            #expect(active == Refusal(status: 409, code: "PROFILE_ACTIVE"))
            #expect(managed.core.plan.strengths == [3: 2.5, 7: -1])

            let answer = try await managed.send(.delete, "/api/profiles/dawn")
            #expect(try answer.json["data"] == ["profile_id": "dawn"])
            let gone = try await managed.refusal(.delete, "/api/profiles/dawn")
            #expect(gone == Refusal(status: 404, code: "PROFILE_NOT_FOUND"))
        }
    }

    @Test(arguments: [
        ("King James", "king-james"), ("  Night,  LATE! ", "night-late"), ("Straße 漢字 🙂", "straße-漢字-🙂"),
        ("../../etc/passwd", "etc-passwd"), (".hidden", "hidden"), ("a/b\\\\c", "a-b-c"), ("~", "profile"),
        ("Active", "active-profile"), ("none", "none-profile"), ("Night!", "night-2"), ("Don't", "dont"),
        ("Dawn.yaml", "dawn-yaml"), (String(repeating: "漢", count: 100), String(repeating: "漢", count: 66)),
    ])
    func `a file's name is made from the display name and stays in the directory`(name: String, id: String) async throws
    {
        try await ManagedProfiles.with { managed in
            let answer = try await managed.send(.post, "/api/profiles", #"{"name":"\#(name)","steering":{}}"#)
            #expect(try answer.json["data"]?["id"] == .text(id), "\(answer.text)")
            let names = try FileManager.default.contentsOfDirectory(atPath: managed.profiles)
            #expect(names.contains(id + ".yaml"))
            #expect(names.count == 4)
            #expect(id.utf8.count <= 200)
        }
    }
}
