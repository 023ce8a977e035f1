import Steering

/// What a request for text comes to, whichever endpoint it came by.
struct GenerationOrder: Sendable {
    /// The most choices that one request may ask for.
    static let choiceLimit = 8

    /// The model's name as the request gives it; nil and `default` mean the loaded one.
    var model: String?
    /// A profile's id or name, or `none`; nil means the steering that is active.
    var profile: String?
    /// The prompts; each is answered on its own.
    var prompts: [GenerationRequest.Prompt]
    /// How many answers each prompt gets.
    var choicesPerPrompt: Int
    /// The most tokens of an answer; nil as many as the context holds.
    var maxTokens: Int?
    /// How to sample the first choice; the others count the seed on.
    var sampling: Sampling
    var stop: [String]
    /// How many alternatives to report for each token, 0–20; nil reports no probabilities at all.
    var topLogprobs: Int?
    var isStreamed: Bool
    /// Whether a stream ends with a chunk that tells the usage.
    var streamsUsage: Bool

    /// One request to the core for each choice, all under the same steering.
    ///
    /// With a seed, each choice has its own, one more than the one before: the same request gives the same
    /// choices again, and the choices differ.
    func requests(plan: SteeringPlan) -> [GenerationRequest] {
        let prompts = prompts.flatMap { Array(repeating: $0, count: choicesPerPrompt) }
        return prompts.enumerated().map { index, prompt in
            var sampling = sampling
            sampling.seed = sampling.seed.map { $0 &+ UInt32(index) }
            return GenerationRequest(
                prompt: prompt,
                maxTokens: maxTokens,
                sampling: sampling,
                stop: stop,
                topLogprobs: topLogprobs,
                plan: plan
            )
        }
    }
}
