import MillmTesting
import Steering
import Testing

struct CoreRefusalTests {
    @Test(
        arguments: [
            (InferenceError.Code.queueFull, 429, "queue_full", "rate_limit_error", "1"),
            (.promptTooLong, 400, "context_length_exceeded", "invalid_request_error", nil),
            (.invalidRequest, 400, "invalid_value", "invalid_request_error", nil),
            (.unsuitablePlan, 409, "profile_incompatible", "invalid_request_error", nil),
            (.shutDown, 503, "unavailable", "server_error", "1"),
            (.modelUnavailable, 503, "unavailable", "server_error", "1"),
        ] as [(InferenceError.Code, Int, String, String, String?)]
    )
    func `what the core refuses is refused before a stream starts`(
        code: InferenceError.Code,
        status: Int,
        name: String,
        type: String,
        retryAfter: String?
    ) async throws {
        let core = EchoCore(behaviour: .refuse(InferenceError(code, "No.")))
        for stream in [false, true] {
            let answer = try await APIUnderTest(core: core).chat(#""stream":\#(stream)"#)
            #expect(answer.status == status)
            #expect(answer.header("Retry-After") == retryAfter)
            #expect(answer.header("Content-Type") == "application/json")
            #expect(
                try answer.json == [
                    "error": ["message": "No.", "type": .text(type), "param": nil, "code": .text(name)]
                ]
            )
        }
    }
}
