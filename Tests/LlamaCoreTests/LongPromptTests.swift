import Steering
import Testing

@testable import LlamaCore

struct LongPromptTests {
    @Test(.timeLimit(.minutes(5)))
    func `a conversation with more messages than the context has tokens is refused unread`() async throws {
        // Cutting it into tokens would take half a minute.
        let messages = Array(repeating: ChatMessage(role: "user", content: "x"), count: 30_000)
        let refusal = await #expect(throws: InferenceError.self) {
            _ = try await Fixture.core.generate(GenerationRequest(prompt: .chat(messages), maxTokens: 1))
        }
        #expect(refusal?.code == .promptTooLong)
        #expect(refusal?.message.hasPrefix("The conversation has 30000 messages") == true)
    }

    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func `a megabyte of special tokens is refused before all of it is cut up`(isChat: Bool) async throws {
        // All at once, it takes minutes. The context has 2 048 tokens.
        let text = String(repeating: "<|im_end|>", count: 100_000)
        let prompt = isChat ? GenerationRequest.Prompt.chat([ChatMessage(role: "user", content: text)]) : .text(text)
        let refusal = await #expect(throws: InferenceError.self) {
            _ = try await Fixture.core.generate(GenerationRequest(prompt: prompt, maxTokens: 1))
        }
        #expect(refusal?.code == .promptTooLong)
        #expect(refusal?.message.hasPrefix("The prompt has at least 32") == true)
    }

    @Test func `nobody waits while long prompts are cut into tokens`() async throws {
        let core = try Fixture.core
        let long = String(repeating: "word and ", count: 20_000)
        let order = await withTaskGroup(of: String.self) { group in
            // Far more than the pool has threads, and together slower than a short answer.
            for _ in 0..<200 {
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
