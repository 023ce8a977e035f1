import HTTPTypes
import MillmTesting
import Steering
import Testing

struct ModelTests {
    private static let entry: JSON = [
        "id": "Echo-1B", "object": "model", "created": 1_700_000_000, "owned_by": "millm",
    ]

    @Test func `the loaded model is listed`() async throws {
        let answer = try await APIUnderTest().send(.get, "/v1/models")
        #expect(answer.status == 200)
        #expect(try answer.json == ["object": "list", "data": [Self.entry]])
    }

    @Test(arguments: ["/v1/models/Echo-1B", "/v1/models/default", "/v1/models/Echo%2D1B"])
    func `the model is found by its name and as default`(path: String) async throws {
        let answer = try await APIUnderTest().send(.get, path)
        #expect(answer.status == 200)
        #expect(try answer.json == Self.entry)
    }

    @Test(arguments: ["/v1/models/owner/Echo-1B", "/v1/models/owner%2FEcho-1B"])
    func `a name may hold slashes`(path: String) async throws {
        let model = ModelDescription(
            name: "owner/Echo-1B",
            fileName: "e.gguf",
            embeddingSize: 8,
            layerCount: 4,
            contextLength: 64
        )
        let answer = try await APIUnderTest(core: EchoCore(model: model)).send(.get, path)
        #expect(answer.status == 200)
        #expect(try answer.json["id"] == "owner/Echo-1B")
    }

    @Test func `another model is 404 in the list and in a request`() async throws {
        let entry = try await APIUnderTest().send(.get, "/v1/models/gpt-4o")
        #expect(entry.status == 404)
        #expect(try entry.json["error"]?["code"] == "model_not_found")

        let answer = try await APIUnderTest().chat(#""model":"gpt-4o""#)
        #expect(answer.status == 404)
        #expect(
            try answer.json == [
                "error": [
                    "message": "The model 'gpt-4o' is not loaded; 'Echo-1B' is.", "type": "invalid_request_error",
                    "param": "model", "code": "model_not_found",
                ]
            ]
        )
    }

    @Test(arguments: [#""model":"default""#, #""model":null"#, ""])
    func `the model need not be named`(field: String) async throws {
        let answer = try await APIUnderTest().chat(field)
        #expect(answer.status == 200)
        #expect(try answer.json["model"] == "Echo-1B")
    }
}
