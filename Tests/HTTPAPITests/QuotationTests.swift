import HTTPTypes
import Testing

@testable import HTTPAPI

/// Whatever a request holds, an answer and the log quote only a bounded part of it.
struct QuotationTests {
    private static let long = String(repeating: "\u{E4}", count: 20_000)
    private static let digits = "1" + String(repeating: "0", count: 40_000)

    struct Case: Sendable, CustomTestStringConvertible {
        var method: HTTPRequest.Method
        var path: String
        /// In which `…` stands for a long text, and `№` for a long number.
        var body: String?
        var type = "application/json"

        init(_ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, type: String = "application/json") {
            (self.method, self.path, self.body, self.type) = (method, path, body, type)
        }

        var testDescription: String { "\(method) \(path) \(body ?? "")" }
    }

    private static let chat = #""messages":[{"role":"user","content":"hello"}]"#

    @Test(
        arguments: [
            Case(.post, "/v1/chat/completions", "{\(chat),\"model\":\"…\"}"),
            Case(.post, "/v1/chat/completions", "{\(chat),\"profile\":\"…\"}"),
            Case(.post, "/v1/chat/completions", "{\(chat),\"…\":1,\"…\":2}"),
            Case(.post, "/v1/chat/completions", "{\(chat),\"seed\":№}"),
            Case(.post, "/v1/chat/completions", "{\(chat),\"stop\":{\"…\":1}}"),
            Case(.post, "/v1/chat/completions", #"{"messages":[{"role":"…","content":"hello"}]}"#),
            Case(.post, "/v1/chat/completions", #"{"messages":[{"role":"user","content":[{"type":"…","…":1}]}]}"#),
            Case(.post, "/v1/completions", #"{"prompt":{"…":1}}"#), Case(.post, "/v1/completions", #"{"prompt":[№]}"#),
            Case(.get, "/v1/models/…"), Case(.get, "/api/profiles/…"), Case(.get, "/api/…"),
            Case(.delete, "/api/profiles/…"),
            Case(.get, "/api/profiles/night/export?format=…"),
            Case(.post, "/api/profiles/night/deactivate?clear_steering=…"),
            Case(.post, "/api/profiles/night/activate", #"{"force":"…"}"#),
            Case(.post, "/api/profiles/night/activate", #"{"…":1}"#),
            Case(.post, "/api/profiles", #"{"name":"…","steering":{}}"#),
            Case(.post, "/api/profiles", #"{"name":"A","steering":{},"…":1}"#),
            Case(.post, "/api/profiles", #"{"name":"A","steering":{},"…":1,"…":2}"#),
            Case(.post, "/api/profiles", #"{"name":"A","steering":{"…":1}}"#),
            Case(.post, "/api/profiles", #"{"name":"A","steering":{"1":"…"}}"#),
            Case(.post, "/api/profiles", #"{"name":"A","steering":{"№":1}}"#),
            Case(.post, "/api/profiles", #"{"name":"A","steering":{"1":№}}"#),
            Case(.post, "/api/profiles", #"{"name":"A","steering":{},"model_id":"…"}"#),
            Case(.post, "/api/profiles", #"{"name":"A","steering":{},"layer":№}"#),
            Case(.post, "/api/profiles", #"{"name":"A","steering":{},"layer":"…"}"#),
            Case(.patch, "/api/profiles/night", #"{"name":"…"}"#),
            Case(.patch, "/api/profiles/night", #"{"description":"…"}"#),
            Case(.put, "/api/steering", #"{"steering":{"…":1}}"#),
            Case(.put, "/api/steering", #"{"steering":{"1":№}}"#),
            Case(.put, "/api/steering", #"{"steering":{"1":{"…":1}}}"#),
            Case(.post, "/api/profiles/import", #"{"version":"…","name":"A","steering":{}}"#),
            Case(.post, "/api/profiles/import", #"{"version":"1.0","type":"…","profile":{}}"#),
            Case(.post, "/api/profiles/import", #"{"version":"1.0","name":"…","steering":{}}"#),
            Case(.post, "/api/profiles/import", #"{"version":"1.0","name":"A","steering":{},"…":1}"#),
            Case(.post, "/api/profiles/import", #"{"version":"1.0","name":"A","steering":{"…":1}}"#),
            Case(.post, "/api/profiles/import", #"{"version":"1.0","name":"A","steering":{"1":№}}"#),
            Case(.post, "/api/profiles/import", #"{"version":"1.0","name":"A","steering":{"1":"…"}}"#),
            Case(.post, "/api/profiles/import", #"{"version":"1.0","name":"A","model_id":"…","steering":{}}"#),
            Case(.post, "/api/profiles/import", "version: …\nname: A\nsteering: {}\n", type: "application/yaml"),
            Case(.post, "/api/profiles/import", "version: 1\nname: A\nsteering: {}\n…: 1\n", type: "application/yaml"),
            Case(.post, "/api/profiles/import", "version: 1\nname: *…\nsteering: {}\n", type: "application/yaml"),
            Case(.post, "/api/profiles/import", "version: 1\nname: !… A\nsteering: {}\n", type: "application/yaml"),
            Case(
                .post,
                "/api/profiles/import",
                "version: 1\nname: A\nsteering: {…: 1, …: 2}\n",
                type: "application/yaml"
            ),
            Case(.post, "/api/profiles/import", "%…\n---\nversion: 1\n", type: "application/yaml"),
        ]
    )
    func `what a request holds is quoted in part`(_ given: Case) async throws {
        try await ManagedProfiles.with { managed in
            // A request's line has bounds of its own.
            let path = given.path.replacing("…", with: String(repeating: "%C3%A4", count: 2_000))
            let body = given.body?.replacing("…", with: Self.long).replacing("№", with: Self.digits)
            let answer = try await managed.send(given.method, path, body, headers: [.contentType: given.type])
            #expect(answer.status >= 400 || answer.text.contains(#""warnings":[""#) || given.path.hasPrefix("/v1"))
            #expect(answer.text.utf8.count < 2_000, "\(answer.status) \(answer.text.prefix(500))")
            for value in answer.headers { #expect(value.value.utf8.count < 500) }
        }
    }

    @Test func `a line of the log has bounds, too`() async throws {
        let api = APIUnderTest()
        let path = "/api/profiles/" + String(repeating: "%C3%A4", count: 2_000)
        _ = try await api.send(.get, path, headers: [.requestID: Self.long])
        _ = try await api.chat("\"profile\":\"\(Self.long)\"")
        #expect(api.log.lines.count == 2)
        for line in api.log.lines { #expect(line.fields.values.allSatisfy { $0.utf8.count <= 1_000 }) }
    }
}
