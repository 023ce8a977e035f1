import MillmTesting
import Steering
import Testing

@testable import HTTPAPI

struct CompletionTests {
    @Test func `a plain completion continues its prompt`() async throws {
        let api = APIUnderTest()
        let answer = try await api.post("/v1/completions", #"{"prompt":"one two"}"#)

        #expect(answer.status == 200)
        let json = try answer.json
        #expect(json["id"]?.string == "cmpl-" + (answer.header("X-Request-Id") ?? ""))
        #expect(json["object"] == "text_completion")
        #expect(
            json["choices"] == [["index": 0, "text": "two one", "logprobs": nil, "finish_reason": "stop"]]
        )
        #expect(json["steering"]?["features"] == 0)
        #expect(api.core.requests == [GenerationRequest(prompt: .text("one two"), maxTokens: 16, plan: .unsteered)])
    }

    @Test func `several prompts with several choices each are numbered through`() async throws {
        let answer = try await APIUnderTest().post("/v1/completions", #"{"prompt":["a b","c d e"],"n":2}"#)

        let json = try answer.json
        #expect((0..<4).map { json["choices"]?[$0]?["text"] } == ["b a", "b a", "e d c", "e d c"])
        #expect((0..<5).map { json["choices"]?[$0]?["index"] } == [0, 1, 2, 3, nil])
        #expect(json["usage"] == ["prompt_tokens": 5, "completion_tokens": 10, "total_tokens": 15])
    }

    @Test func `log probabilities come in columns`() async throws {
        let answer = try await APIUnderTest().post("/v1/completions", #"{"prompt":"dé b","logprobs":2}"#)
        #expect(
            try answer.json["choices"]?[0]?["logprobs"] == [
                "tokens": ["b", " dé"],
                "token_logprobs": [-0.5, -0.5],
                "top_logprobs": [["b": -0.5, "~1": -1.5], [" dé": -0.5, "~1": -1.5]],
                "text_offset": [0, 1],
            ]
        )
    }

    @Test func `offsets go on from chunk to chunk`() async throws {
        let answer = try await APIUnderTest().post(
            "/v1/completions",
            #"{"prompt":"a dé b","logprobs":0,"stream":true}"#
        )
        let offsets = try answer.chunks.map { $0["choices"]?[0]?["logprobs"]?["text_offset"] }
        #expect(offsets == [[0], [1], [4], nil])
        #expect(try answer.chunks.map { $0["choices"]?[0]?["text"] } == ["b", " dé", " a", ""])
        #expect(try answer.chunks.last?["choices"]?[0]?["finish_reason"] == "stop")
    }

    @Test(arguments: [nil, -Float.infinity, Float.nan])
    func `a log probability that JSON cannot carry is the least one`(logprob: Float?) {
        let token = Generation.Token(id: 1, bytes: [0x61], logprob: logprob)
        #expect(ChatLogprobs([token]).content.map(\.logprob) == [-9999])
        #expect(CompletionLogprobs([token], offset: 0).tokenLogprobs == [-9999])
    }

    @Test func `a token that is part of a character is written as bytes`() {
        let token = Generation.Token(id: 1, bytes: [0xE2, 0x08], logprob: -1)
        #expect(ChatLogprobs([token]).content.map(\.token) == [#"bytes:\xe2\x08"#])
    }
}
