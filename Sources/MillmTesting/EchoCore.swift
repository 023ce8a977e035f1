package import Steering
import Synchronization

/// A deterministic core without a model, to make the tests of other layers fast.
///
/// It answers with the prompt's last words in reverse order, one word a token, and behind them the
/// strengths that it was steered with, so that a test sees both in the answer: `world hello [7=2.5]`.
package final class EchoCore: InferenceCore {
    /// What the core does with a request.
    package enum Behaviour: Sendable {
        /// Answers.
        case answer
        /// Refuses to admit it.
        case refuse(InferenceError)
        /// Answers with so many tokens, then fails.
        case fail(afterTokens: Int, InferenceError)
        /// Answers with so many tokens, then waits until the client lets go or ``EchoCore/resume()`` is called.
        case pause(afterTokens: Int)
    }

    /// How a generation came to its end.
    package enum Ending: Hashable, Sendable {
        case finished
        /// Nobody wanted the answer any more.
        case abandoned
    }

    private struct State {
        var plan = SteeringPlan.unsteered
        var requests: [GenerationRequest] = []
        var paused: [@Sendable () -> Void] = []
    }

    package let model: ModelDescription
    private let behaviour: Behaviour
    private let state = Mutex(State())

    /// Tells the end of each generation, in order.
    package let endings: AsyncStream<Ending>
    private let endingsContinuation: AsyncStream<Ending>.Continuation

    package init(
        model: ModelDescription = ModelDescription(
            name: "Echo-1B",
            fileName: "Echo-1B.Q8_0.gguf",
            generalName: "echo",
            embeddingSize: 8,
            layerCount: 4,
            contextLength: 64
        ),
        behaviour: Behaviour = .answer
    ) {
        self.model = model
        self.behaviour = behaviour
        (endings, endingsContinuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1024))
    }

    package var plan: SteeringPlan { state.withLock { $0.plan } }

    /// All requests so far, those that were refused included.
    package var requests: [GenerationRequest] { state.withLock { $0.requests } }

    /// Nothing runs here longer than a call, and words are not counted.
    package var activity: CoreActivity { CoreActivity() }

    /// Lets the generations that have paused go on to their ends.
    package func resume() {
        let paused = state.withLock { state in
            defer { state.paused = [] }
            return state.paused
        }
        for finish in paused { finish() }
    }

    package func apply(_ plan: SteeringPlan) throws(InferenceError) {
        guard plan.isUnsteered || plan.delta.count == model.embeddingSize else {
            throw InferenceError(
                .unsuitablePlan,
                "The plan has width \(plan.delta.count), the model \(model.embeddingSize)."
            )
        }
        state.withLock { $0.plan = plan }
    }

    package func generate(_ request: GenerationRequest) async throws(InferenceError) -> Generation {
        let plan = request.plan ?? self.plan
        state.withLock { $0.requests.append(request) }
        if case .refuse(let error) = behaviour { throw error }
        let words = words(of: request.prompt)
        guard words.count < model.contextLength else {
            throw InferenceError(
                .promptTooLong,
                "The prompt has \(words.count) tokens, the context \(model.contextLength)."
            )
        }
        let answer = answer(to: words, plan: plan)
        let kept = answer.prefix(request.maxTokens ?? .max)
        let (events, continuation) = AsyncThrowingStream<Generation.Event, any Error>.makeStream(
            bufferingPolicy: .bufferingOldest(kept.count + 1)
        )
        let endings = endingsContinuation
        continuation.onTermination = { reason in
            if case .cancelled = reason { endings.yield(.abandoned) } else { endings.yield(.finished) }
        }
        let tokens = kept.enumerated().map { index, word in
            event(index, (index == 0 ? "" : " ") + word, alternatives: request.topLogprobs)
        }
        let reason: Generation.FinishReason = kept.count < answer.count ? .length : .stop
        let usage = Generation.Usage(promptTokens: words.count, completionTokens: kept.count)
        play(tokens + [.finished(reason, usage)], into: continuation)
        return Generation(plan: plan, events: events)
    }

    private func play(
        _ events: [Generation.Event],
        into continuation: AsyncThrowingStream<Generation.Event, any Error>.Continuation
    ) {
        switch behaviour {
        case .fail(let count, let error):
            for event in events.prefix(count) { continuation.yield(event) }
            continuation.finish(throwing: error)
        case .pause(let count):
            for event in events.prefix(count) { continuation.yield(event) }
            let rest = events.dropFirst(count)
            state.withLock { state in
                state.paused.append {
                    for event in rest { continuation.yield(event) }
                    continuation.finish()
                }
            }
        case .answer, .refuse:
            for event in events { continuation.yield(event) }
            continuation.finish()
        }
    }

    private func words(of prompt: GenerationRequest.Prompt) -> [String] {
        let text =
            switch prompt {
            case .chat(let messages): messages.last?.content ?? ""
            case .text(let text): text
            }
        return text.split(separator: " ").map(String.init)
    }

    private func answer(to words: [String], plan: SteeringPlan) -> [String] {
        guard !plan.isUnsteered else { return words.reversed() }
        let strengths = plan.strengths.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return words.reversed() + ["[" + strengths.joined(separator: ",") + "]"]
    }

    /// A token whose log probability is −0.5, with alternatives `~1`, `~2` … of −1.5, −2.5 …
    private func event(_ index: Int, _ text: String, alternatives: Int?) -> Generation.Event {
        let candidates = (0..<(alternatives ?? 0)).map { rank in
            Generation.Token.Candidate(
                bytes: Array((rank == 0 ? text : "~\(rank)").utf8),
                logprob: -0.5 - Float(rank)
            )
        }
        let token = Generation.Token(
            id: Int32(index),
            bytes: Array(text.utf8),
            logprob: alternatives == nil ? nil : -0.5,
            alternatives: candidates
        )
        return .text(text, tokens: [token])
    }
}
