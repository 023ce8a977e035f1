/// An answer that is being generated.
package struct Generation: Sendable {
    /// One step of an answer. The last event of a stream that ends well is `.finished`.
    package enum Event: Hashable, Sendable {
        /// More text, cut at no character, and the tokens that it consists of.
        case text(String, tokens: [Token])
        /// The end.
        case finished(FinishReason, Usage)
    }

    /// A generated token.
    package struct Token: Hashable, Sendable {
        /// One of the tokens that could have come, with its log probability (natural logarithm, before
        /// temperature and penalties).
        package struct Candidate: Hashable, Sendable {
            package var bytes: [UInt8]
            package var logprob: Float

            package init(bytes: [UInt8], logprob: Float) {
                self.bytes = bytes
                self.logprob = logprob
            }
        }

        /// The token's number in the model's vocabulary.
        package var id: Int32
        /// The token's text, which may be part of a character.
        package var bytes: [UInt8]
        /// Its log probability, if the request asked for them.
        package var logprob: Float?
        /// The most likely tokens in its place, most likely first, if the request asked for them.
        package var alternatives: [Candidate]

        package init(id: Int32, bytes: [UInt8], logprob: Float? = nil, alternatives: [Candidate] = []) {
            self.id = id
            self.bytes = bytes
            self.logprob = logprob
            self.alternatives = alternatives
        }
    }

    package enum FinishReason: String, Hashable, Sendable {
        /// The model ended its answer, or a stop text appeared.
        case stop
        /// `maxTokens` or the context's end was reached.
        case length
    }

    /// Tokens that were read and written.
    package struct Usage: Hashable, Sendable {
        package var promptTokens: Int
        package var completionTokens: Int

        package init(promptTokens: Int, completionTokens: Int) {
            self.promptTokens = promptTokens
            self.completionTokens = completionTokens
        }
    }

    /// The steering that every token of the answer is generated under.
    package let plan: SteeringPlan
    /// The answer, as it comes. Dropping the stream frees the request's place in the core.
    /// Errors are ``InferenceError``.
    package let events: AsyncThrowingStream<Event, any Error>

    package init(plan: SteeringPlan, events: AsyncThrowingStream<Event, any Error>) {
        self.plan = plan
        self.events = events
    }
}
