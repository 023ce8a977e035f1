import Foundation
import HTTPTypes
import MillmTesting
import ProfileDirectory
import Profiles
import Reconciliation
import Steering
import Testing

/// What goes wrong in miLLM's own profile feature, fault by fault, and does not here.
@Suite(.timeLimit(.minutes(5)))
struct KnownFaultTests {
    @Test func `an activation that fails leaves the earlier steering and the earlier profile active`() async throws {
        try await ManagedProfiles.with { managed in
            try managed.write("version: 1\nname: Far\nsteering: {1: 1, 16: 1}\n", to: "far.yaml")
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let refusal = try await managed.refusal(.post, "/api/profiles/far/activate")
            #expect(refusal == Refusal(status: 409, code: "PROFILE_INCOMPATIBLE"))
            #expect(managed.core.plan.strengths == [3: 2.5, 7: -1])
            let active = try await managed.send(.get, "/api/profiles/active").json["data"]
            #expect(active?["id"] == "night")
            #expect(try await managed.send(.get, "/api/status").json["data"]?["state"] == "ok")
        }
    }

    @Test func `an empty profile takes the steering before it away`() async throws {
        try await ManagedProfiles.with { managed in
            try managed.write("version: 1\nname: Plain\nsteering: {}\n", to: "plain.yaml")
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            _ = try await managed.send(.post, "/api/profiles/plain/activate")
            #expect(managed.core.plan.isUnsteered)
            #expect(try await managed.send(.get, "/api/steering").json["data"]?["profile_id"] == "plain")
        }
    }

    @Test func `a profile that is active without being applied is not shown as if it were`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            _ = try await managed.send(.post, "/api/profiles/dawn/activate", #"{"apply_steering":false}"#)
            let status = try await managed.send(.get, "/api/status").json["data"]
            #expect(status?["state"] == "held")
            #expect(status?["desired"]?["id"] == "dawn")
            #expect(status?["applied"]?["id"] == "night")
            #expect(try await managed.send(.get, "/api/steering").json["data"]?["profile_id"] == "night")
        }
    }

    @Test func `deactivating an inactive profile leaves the active one's steering`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let data = try await managed.send(.post, "/api/profiles/dawn/deactivate").json["data"]
            #expect(data?["cleared_steering"] == false)
            #expect(managed.core.plan.strengths == [3: 2.5, 7: -1])
        }
    }

    @Test func `the active profile cannot be deleted, so that its steering never outlives it`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let refusal = try await managed.refusal(.delete, "/api/profiles/night")
            #expect(refusal == Refusal(status: 409, code: "PROFILE_ACTIVE"))
            _ = try await managed.send(.post, "/api/profiles/night/deactivate")
            #expect(try await managed.send(.delete, "/api/profiles/night").status == 200)
            #expect(managed.core.plan.isUnsteered)
        }
    }

    @Test func `editing the active profile changes what runs`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            _ = try await managed.send(.put, "/api/profiles/night", #"{"steering":{"3":4}}"#)
            #expect(managed.core.plan.strengths == [3: 4])
        }
    }

    @Test func `after a restart what is active is applied`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let next = try managed.restarted()
            _ = await next.loader.reconcile()
            #expect(next.core.plan.strengths == [3: 2.5, 7: -1])
            #expect(try await next.send(.get, "/api/profiles/active").json["data"]?["id"] == "night")
        }
    }

    @Test func `twelve activations at once all succeed, and what is marked is what runs`() async throws {
        try await ManagedProfiles.with { managed in
            let ids = (0..<12).map { "p\($0)" }
            for (index, id) in ids.enumerated() {
                try managed.write("version: 1\nname: P\(index)\nsteering: {\(index): 1}\n", to: "\(id).yaml")
            }
            for _ in 0..<5 {
                let answers = try await Self.atOnce(ids) { id in
                    try await managed.send(.post, "/api/profiles/\(id)/activate")
                }
                #expect(answers.allSatisfy { $0.status == 200 })
                #expect(try answers.allSatisfy { try $0.json["data"]?["applied_steering"] == true })
                let active = try await managed.send(.get, "/api/profiles/active").json["data"]?["id"]?.string
                #expect(managed.link == active.map { $0 + ".yaml" })
                #expect(managed.core.plan.origin?.profile.description == active)
                #expect(managed.loader.status.state == .ok)
                #expect(managed.loader.status.applied?.id?.description == active)
            }
        }
    }

    @Test func `twelve profiles of one name at once are one profile and eleven refusals`() async throws {
        try await ManagedProfiles.with { managed in
            let answers = try await Self.atOnce(Array(0..<12)) { index in
                try await managed.send(.post, "/api/profiles", #"{"name":"Same","steering":{"\#(index)":1}}"#)
            }
            #expect(answers.count { $0.status == 200 } == 1)
            let codes = try answers.filter { $0.status == 409 }.map { try $0.json["error"]?["code"]?.string }
            #expect(codes == Array(repeating: "PROFILE_ALREADY_EXISTS", count: 11))
            let won = try #require(answers.first { $0.status == 200 })
            let shown = try await managed.send(.get, "/api/profiles/same").json["data"]
            #expect(try won.json["data"]?["steering"] == shown?["steering"])
        }
    }

    @Test(arguments: [
        (#"{"name":"a\u0000b","steering":{}}"#, 422), (#"{"name":"\ud800","steering":{}}"#, 400),
        (#"{"name":"x","steering":{"1":1e999}}"#, 422), (#"{"name":"x","steering":{"1":NaN}}"#, 400),
        (#"{"name":"x","steering":{"1":Infinity}}"#, 400), (#"{"name":"x","steering":{},"layer":2147483648}"#, 422),
        (#"{"name":"x","steering":{},"layer":9223372036854775808}"#, 422), (#"{"name":" \t ","steering":{}}"#, 422),
        (#"{"name":"x","steering":{"1_0":1}}"#, 400), (#"{"name":"x","steering":{" 7 ":1}}"#, 400),
        (#"{"name":"x","steering":{"1.0":1}}"#, 400), (#"{"name":"x","steering":{"+7":1}}"#, 400),
    ])
    func `what a client gets wrong is never the server's error`(body: String, status: Int) async throws {
        try await ManagedProfiles.with { managed in
            for request in [(HTTPRequest.Method.post, "/api/profiles"), (.put, "/api/profiles/night")] {
                let answer = try await managed.send(request.0, request.1, body)
                #expect(answer.status == status, "\(answer.text)")
            }
            #expect(try await managed.send(.get, "/api/profiles").json["data"]?["total"] == 3)
        }
    }

    @Test func `a NUL in an id is no profile`() async throws {
        try await ManagedProfiles.with { managed in
            let refusal = try await managed.refusal(.get, "/api/profiles/%00")
            #expect(refusal == Refusal(status: 404, code: "PROFILE_NOT_FOUND"))
        }
    }

    @Test(arguments: [#""x":1"#, #""-1":1"#, #""1_0":1"#, #""1.5":1"#, #""1":"much""#, #""1":null"#, #""1":1e999"#])
    func `an import with a bad feature is refused and says where`(feature: String) async throws {
        try await ManagedProfiles.with { managed in
            let body = #"{"version":"1.0","name":"Late","steering":{"2":1,\#(feature)}}"#
            let answer = try await managed.send(.post, "/api/profiles/import", body)
            #expect(answer.status == 400)
            #expect(try answer.json["error"]?["code"] == "INVALID_PROFILE_FORMAT")
            let message = try answer.json["error"]?["message"]?.string ?? ""
            #expect(message.contains("body:1:"), "\(message)")
            #expect(try await managed.send(.get, "/api/profiles").json["data"]?["total"] == 3)
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.get, "/api/nothing", nil, 404), (.get, "/api/profiles/nobody", nil, 404),
        (.delete, "/api/profiles", nil, 405), (.post, "/api/profiles", #"{"name":7}"#, 422),
    ])
    func `every refusal comes in the envelope`(
        method: HTTPRequest.Method,
        path: String,
        body: String?,
        status: Int
    ) async throws {
        try await ManagedProfiles.with { managed in
            let refusal = try await managed.refusal(method, path, body)
            #expect(refusal.status == status)
            #expect(refusal.code != nil)
        }
    }

    @Test func `an activation needs no body`() async throws {
        try await ManagedProfiles.with { managed in
            let answer = try await managed.send(.post, "/api/profiles/night/activate")
            #expect(answer.status == 200)
        }
    }

    @Test func `what miLLM's page sends to change a profile is understood`() async throws {
        try await ManagedProfiles.with { managed in
            let answer = try await managed.send(.put, "/api/profiles/night", #"{"name":"Night","description":"Dark."}"#)
            #expect(try answer.json["data"]?["description"] == "Dark.")
        }
    }

    @Test(arguments: ["dawn", "Dawn"])
    func `a profile in a chat request applies to that request alone, and stacks on nothing`(name: String) async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let plan = managed.core.plan
            let answer = try await managed.send(.post, "/v1/chat/completions", Self.chat(profile: name)).json
            #expect(answer["choices"]?[0]?["message"]?["content"] == "big hello [4=1.0]")
            #expect(managed.core.plan == plan)
            let next = try await managed.send(.post, "/v1/chat/completions", Self.chat()).json
            #expect(next["choices"]?[0]?["message"]?["content"] == "big hello [3=2.5,7=-1.0]")
        }
    }

    @Test func `a chat request with a profile that cannot be applied is refused, never answered otherwise`()
        async throws
    {
        try await ManagedProfiles.with { managed in
            try managed.write("version: 1\nname: Far\nsteering: {16: 1}\n", to: "far.yaml")
            for (name, status) in [("nobody", 404), ("far", 409), ("broken", 400)] {
                let answer = try await managed.send(.post, "/v1/chat/completions", Self.chat(profile: name))
                #expect(answer.status == status)
            }
            #expect(managed.core.requests.isEmpty)
        }
    }

    @Test func `a generation keeps no other route waiting`() async throws {
        try await ManagedProfiles.with(core: EchoCore(behaviour: .pause(afterTokens: 1))) { managed in
            async let answer = managed.send(.post, "/v1/chat/completions", Self.chat())
            while managed.core.requests.isEmpty { await Task.yield() }
            let list = try await managed.send(.get, "/api/profiles")
            #expect(list.status == 200)
            let activation = try await managed.send(.post, "/api/profiles/night/activate")
            #expect(activation.status == 200)
            managed.core.resume()
            // It keeps the steering under which it was admitted.
            let content = try await answer.json["choices"]?[0]?["message"]?["content"]
            #expect(content == "big hello")
        }
    }

    private static func chat(profile: String? = nil) -> String {
        let field = profile.map { #","profile":"\#($0)""# } ?? ""
        return #"{"messages":[{"role":"user","content":"hello big"}]\#(field)}"#
    }

    private static func atOnce<Item: Sendable>(
        _ items: [Item],
        _ body: @escaping @Sendable (Item) async throws -> Answered
    ) async throws -> [Answered] {
        try await withThrowingTaskGroup { group in
            for item in items { group.addTask { try await body(item) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
