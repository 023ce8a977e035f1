import HTTPAPI
import MillmTesting
import Profiles
import Steering
import Testing

struct StreamingTests {
    @Test func `a chat stream starts with the role and ends with reason, receipt and DONE`() async throws {
        let plan = try SteeringPlan.steering(7, 2.5, profile: "king-james")
        let api = APIUnderTest(plans: ["king-james": .success(plan)])
        let answer = try await api.post(
            "/v1/chat/completions",
            #"{"messages":[{"role":"user","content":"hello world"}],"profile":"king-james","stream":true}"#
        )

        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "text/event-stream")
        #expect(answer.header("Cache-Control") == "no-cache")
        #expect(answer.header("X-Millm-Profile") == "king-james")
        #expect(answer.events.last == "[DONE]")
        let chunks = try answer.chunks
        #expect(
            chunks.map { $0["choices"]?[0]?["delta"] } == [
                ["role": "assistant", "content": ""], ["content": "world"], ["content": " hello"],
                ["content": " [7=2.5]"], [:],
            ]
        )
        #expect(
            chunks.map { $0["choices"]?[0]?["finish_reason"] } == [nil, nil, nil, nil, "stop"].map { $0 ?? JSON.null }
        )
        #expect(chunks.map { $0["steering"]?["profile"] } == [nil, nil, nil, nil, "king-james"])
        #expect(chunks.last?["steering"]?["features"] == 1)
        let id = "chatcmpl-" + (answer.header("X-Request-Id") ?? "")
        #expect(chunks.allSatisfy { $0["id"]?.string == id && $0["object"] == "chat.completion.chunk" })
        #expect(chunks.allSatisfy { $0["usage"] == nil })
    }

    @Test func `with include_usage the last chunk has no choices but usage and receipt`() async throws {
        let answer = try await APIUnderTest().chat(#""stream":true,"stream_options":{"include_usage":true}"#)

        let chunks = try answer.chunks
        #expect(chunks.dropLast().allSatisfy { $0["usage"] == JSON.null && $0["steering"] == nil })
        let last = try #require(chunks.last)
        #expect(last["choices"] == [])
        #expect(last["usage"] == ["prompt_tokens": 3, "completion_tokens": 3, "total_tokens": 6])
        #expect(last["steering"]?["features"] == 0)
        #expect(answer.events.last == "[DONE]")
    }

    @Test func `the choices of a stream keep their numbers and share one receipt`() async throws {
        let answer = try await APIUnderTest().chat(#""stream":true,"n":3"#)

        let chunks = try answer.chunks
        for choice in 0..<3 {
            let own = chunks.filter { $0["choices"]?[0]?["index"] == .number(Double(choice)) }
            let text = own.compactMap { $0["choices"]?[0]?["delta"]?["content"]?.string }.joined()
            #expect(text == "world big hello")
            #expect(own.first?["choices"]?[0]?["delta"]?["role"] == "assistant")
            #expect(own.last?["choices"]?[0]?["finish_reason"] == "stop")
        }
        #expect(chunks.count == 3 * 5)
        #expect(chunks.filter { $0["steering"] != nil } == [chunks.last])
    }

    @Test func `a failure in the middle is the last event`() async throws {
        let failure = InferenceError(.engineFailed, "decode returned -3 at 0x7f")
        let api = APIUnderTest(core: EchoCore(behaviour: .fail(afterTokens: 1, failure)))
        let answer = try await api.chat(#""stream":true"#)

        #expect(answer.status == 200)
        let chunks = try answer.chunks
        #expect(chunks.count == 3)
        #expect(chunks[1]["choices"]?[0]?["delta"] == ["content": "world"])
        #expect(chunks[2]["error"]?["code"] == "internal_error")
        #expect(chunks[2]["error"]?["type"] == "server_error")
        #expect(!answer.events.contains("[DONE]"))
        #expect(!answer.text.contains("0x7f"))
        #expect(api.log.lines.contains { $0.fields["error"] == "decode returned -3 at 0x7f" })
    }

    @Test func `a failure in the middle of a whole answer is 500 without particulars`() async throws {
        let failure = InferenceError(.engineFailed, "decode returned -3 at 0x7f")
        let api = APIUnderTest(core: EchoCore(behaviour: .fail(afterTokens: 1, failure)))
        let answer = try await api.chat()

        #expect(answer.status == 500)
        #expect(try answer.json["error"]?["code"] == "internal_error")
        #expect(!answer.text.contains("0x7f"))
    }
}
