/// What to generate: a prompt, how to sample, when to stop, and under which steering.
package struct GenerationRequest: Hashable, Sendable {
    package enum Prompt: Hashable, Sendable {
        /// A conversation, put into the model's own chat template.
        case chat([ChatMessage])
        /// Text that is continued as it is.
        case text(String)
    }

    package var prompt: Prompt
    /// The most tokens to generate; nil as many as the context holds.
    package var maxTokens: Int?
    package var sampling: Sampling
    /// Texts at whose first appearance the generation ends; they are not part of the answer.
    package var stop: [String]
    /// How many alternatives to report the log probability of for each token, 0–20; nil reports nothing.
    package var topLogprobs: Int?
    /// The steering; nil takes the core's current plan at admission.
    package var plan: SteeringPlan?

    package init(
        prompt: Prompt,
        maxTokens: Int? = nil,
        sampling: Sampling = Sampling(),
        stop: [String] = [],
        topLogprobs: Int? = nil,
        plan: SteeringPlan? = nil
    ) {
        self.prompt = prompt
        self.maxTokens = maxTokens
        self.sampling = sampling
        self.stop = stop
        self.topLogprobs = topLogprobs
        self.plan = plan
    }
}

/// One message of a conversation.
package struct ChatMessage: Hashable, Sendable {
    /// `system`, `user` or `assistant`.
    package var role: String
    package var content: String

    package init(role: String, content: String) {
        self.role = role
        self.content = content
    }
}

/// How the next token is chosen from the logits, in OpenAI's terms.
package struct Sampling: Hashable, Sendable {
    /// Divides the logits; 0 always takes the most likely token. 0–2.
    package var temperature: Float
    /// Keeps the most likely tokens that together reach this probability. 0–1.
    package var topP: Float
    /// Makes the choice repeatable; nil draws a seed.
    package var seed: UInt32?
    /// Taken off the logits of tokens that have appeared. −2–2.
    package var presencePenalty: Float
    /// Taken off the logits of tokens for each time that they have appeared. −2–2.
    package var frequencyPenalty: Float

    package init(
        temperature: Float = 1,
        topP: Float = 1,
        seed: UInt32? = nil,
        presencePenalty: Float = 0,
        frequencyPenalty: Float = 0
    ) {
        self.temperature = temperature
        self.topP = topP
        self.seed = seed
        self.presencePenalty = presencePenalty
        self.frequencyPenalty = frequencyPenalty
    }

    /// Always the most likely token.
    package static let greedy = Sampling(temperature: 0)
}
