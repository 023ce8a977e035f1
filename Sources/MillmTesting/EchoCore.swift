package import Steering
import Synchronization

/// A deterministic core without a model, to make the tests of other layers fast.
///
/// It answers with the prompt's last words in reverse order, one word a token, and behind them the
/// strengths that it was steered with, so that a test sees both in the answer: `world hello [7=2.5]`.
package final class EchoCore: InferenceCore {
    package let model: ModelDescription
    private let current = Mutex(SteeringPlan.unsteered)

    package init(
        model: ModelDescription = ModelDescription(
            name: "Echo-1B",
            fileName: "Echo-1B.Q8_0.gguf",
            generalName: "echo",
            embeddingSize: 8,
            layerCount: 4,
            contextLength: 64
        )
    ) {
        self.model = model
    }

    package var plan: SteeringPlan { current.withLock { $0 } }

    package func apply(_ plan: SteeringPlan) throws(InferenceError) {
        guard plan.isUnsteered || plan.delta.count == model.embeddingSize else {
            throw InferenceError(
                .unsuitablePlan,
                "The plan has width \(plan.delta.count), the model \(model.embeddingSize)."
            )
        }
        current.withLock { $0 = plan }
    }

    package func generate(_ request: GenerationRequest) async throws(InferenceError) -> Generation {
        let plan = request.plan ?? self.plan
        let text =
            switch request.prompt {
            case .chat(let messages): messages.last?.content ?? ""
            case .text(let text): text
            }
        let words = text.split(separator: " ").map(String.init)
        guard words.count < model.contextLength else {
            throw InferenceError(
                .promptTooLong,
                "The prompt has \(words.count) tokens, the context \(model.contextLength)."
            )
        }
        var answer = Array(words.reversed())
        if !plan.isUnsteered {
            let strengths = plan.strengths.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            answer.append("[" + strengths.joined(separator: ",") + "]")
        }
        let kept = answer.prefix(request.maxTokens ?? .max)
        let (events, continuation) = AsyncThrowingStream<Generation.Event, any Error>.makeStream(
            bufferingPolicy: .bufferingOldest(kept.count + 1)
        )
        for (index, word) in kept.enumerated() {
            let text = (index == 0 ? "" : " ") + word
            continuation.yield(
                .text(text, tokens: [Generation.Token(id: Int32(index), bytes: Array(text.utf8), logprob: -0.5)])
            )
        }
        let reason: Generation.FinishReason = kept.count < answer.count ? .length : .stop
        let usage = Generation.Usage(promptTokens: words.count, completionTokens: kept.count)
        continuation.yield(.finished(reason, usage))
        continuation.finish()
        return Generation(plan: plan, events: events)
    }
}
