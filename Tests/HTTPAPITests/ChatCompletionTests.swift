import Foundation
import MillmTesting
import Profiles
import Steering
import Testing

@testable import HTTPAPI

struct ChatCompletionTests {
    private static let unsteered: JSON = [
        "profile": nil, "digest": nil, "sae": nil, "layer": nil, "features": 0,
    ]

    @Test func `an unsteered answer has every field that OpenAI's has, and the receipt`() async throws {
        let answer = try await APIUnderTest().chat(#""model":"Echo-1B""#)

        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "application/json")
        #expect(answer.header("X-Millm-Profile") == "none")
        let id = try #require(answer.header("X-Request-Id"))
        let fingerprint = "fp_" + SteeringPlan.unsteered.digest.description.dropFirst("sha256:".count).prefix(12)
        #expect(
            try answer.json == [
                "id": .text("chatcmpl-" + id),
                "object": "chat.completion",
                "created": 1_700_000_000,
                "model": "Echo-1B",
                "system_fingerprint": .text(fingerprint),
                "choices": [
                    [
                        "index": 0,
                        "message": ["role": "assistant", "content": "world big hello"],
                        "logprobs": nil,
                        "finish_reason": "stop",
                    ]
                ],
                "usage": ["prompt_tokens": 3, "completion_tokens": 3, "total_tokens": 6],
                "steering": Self.unsteered,
            ]
        )
    }

    @Test func `every parameter reaches the core`() async throws {
        let api = APIUnderTest()
        let body = """
            {"model":"default","messages":[
               {"role":"developer","content":"Be brief."},
               {"role":"user","content":[{"type":"text","text":"hello "},{"type":"text","text":"world"}]},
               {"role":"assistant","content":"Hi.","name":"ignored"}],
             "max_tokens":7,"max_completion_tokens":5,"temperature":0.5,"top_p":0.25,"seed":-1,"stop":["a","b"],
             "presence_penalty":1,"frequency_penalty":-2,"logprobs":true,"top_logprobs":3,"user":"ignored"}
            """
        let answer = try await api.post("/v1/chat/completions", body)

        #expect(answer.status == 200)
        #expect(
            api.core.requests == [
                GenerationRequest(
                    prompt: .chat([
                        ChatMessage(role: "system", content: "Be brief."),
                        ChatMessage(role: "user", content: "hello world"),
                        ChatMessage(role: "assistant", content: "Hi."),
                    ]),
                    maxTokens: 5,
                    sampling: Sampling(
                        temperature: 0.5,
                        topP: 0.25,
                        seed: .max,
                        presencePenalty: 1,
                        frequencyPenalty: -2
                    ),
                    stop: ["a", "b"],
                    topLogprobs: 3,
                    plan: .unsteered
                )
            ]
        )
    }

    @Test(arguments: [
        ("/v1/chat/completions", #""messages":[{"role":"user","content":"hello"}]"#),
        ("/v1/completions", #""prompt":"hello""#),
    ])
    func `a field that nobody knows is ignored, and named`(path: String, prompt: String) async throws {
        let warnings: JSON = [
            "The field 'profil' is unknown and was ignored.", "The field 'user' is unknown and was ignored.",
        ]
        let api = APIUnderTest()
        let answer = try await api.post(path, #"{\#(prompt),"user":"me","profil":"moonlight"}"#)
        #expect(answer.status == 200)
        #expect(try answer.json["warnings"] == warnings)

        for options in ["", #","stream_options":{"include_usage":true}"#] {
            let body = #"{\#(prompt),"user":"me","profil":"moonlight","stream":true\#(options)}"#
            let chunks = try await api.post(path, body).chunks
            #expect(chunks.count > 1)
            #expect(chunks.filter { $0["warnings"] != nil } == [chunks.last])
            #expect(chunks.last?["warnings"] == warnings)
        }

        let known = #"{\#(prompt),"profile":null,"model":"default","max_tokens":3,"stream":false}"#
        #expect(try await api.post(path, known).json["warnings"] == nil)
    }

    @Test func `what is left out or null takes OpenAI's defaults`() async throws {
        let api = APIUnderTest()
        let answer = try await api.chat(#""temperature":null,"stop":null,"n":null,"profile":null,"stream":null"#)

        #expect(answer.status == 200)
        #expect(
            api.core.requests == [
                GenerationRequest(
                    prompt: .chat([ChatMessage(role: "user", content: "hello big world")]),
                    plan: .unsteered
                )
            ]
        )
    }

    @Test func `n choices count the seed on, and the prompt is counted once`() async throws {
        let api = APIUnderTest()
        let answer = try await api.chat(#""n":3,"seed":4294967295,"stop":"x""#)

        #expect(api.core.requests.map(\.sampling.seed) == [4_294_967_295, 0, 1])
        #expect(api.core.requests.map(\.stop) == [["x"], ["x"], ["x"]])
        let json = try answer.json
        #expect((0..<4).map { json["choices"]?[$0]?["index"] } == [0, 1, 2, nil])
        #expect(json["usage"] == ["prompt_tokens": 3, "completion_tokens": 9, "total_tokens": 12])
    }

    @Test func `an answer that is cut off says length`() async throws {
        let answer = try await APIUnderTest().chat(#""max_tokens":1"#)
        let choice = try answer.json["choices"]?[0]
        #expect(choice?["finish_reason"] == "length")
        #expect(choice?["message"] == ["role": "assistant", "content": "world"])
    }

    @Test func `log probabilities come with bytes and alternatives`() async throws {
        let answer = try await APIUnderTest().chat(#""max_tokens":1,"logprobs":true,"top_logprobs":2"#)
        #expect(
            try answer.json["choices"]?[0]?["logprobs"] == [
                "content": [
                    [
                        "token": "world", "logprob": -0.5, "bytes": [119, 111, 114, 108, 100],
                        "top_logprobs": [
                            ["token": "world", "logprob": -0.5, "bytes": [119, 111, 114, 108, 100]],
                            ["token": "~1", "logprob": -1.5, "bytes": [126, 49]],
                        ],
                    ]
                ]
            ]
        )
    }

    @Test func `equal answers are equal bytes`() async throws {
        let pattern = /"id":"[^"]*"/
        let first = try await APIUnderTest().chat().text.replacing(pattern, with: "")
        let second = try await APIUnderTest().chat().text.replacing(pattern, with: "")
        #expect(first == second)
    }
}
