import Steering
import Testing

@testable import LlamaCore

struct LongPromptTests {
    @Test func `nobody waits while long prompts are cut into tokens`() async throws {
        let core = try Fixture.core
        let long = String(repeating: "word and ", count: 20_000)
        let order = await withTaskGroup(of: String.self) { group in
            // More than the pool has threads.
            for _ in 0..<ProcessorCount.physical + 2 {
                group.addTask {
                    let refusal = await #expect(throws: InferenceError.self) {
                        _ = try await core.generate(GenerationRequest(prompt: .text(long), maxTokens: 1))
                    }
                    #expect(refusal?.code == .promptTooLong)
                    return "long"
                }
            }
            group.addTask {
                let answer = try? await core.answer(GenerationRequest(prompt: .text("Hello"), maxTokens: 1))
                #expect(answer != nil)
                return "short"
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        // The long ones take their turns.
        #expect(order.last == "long")
    }
}
