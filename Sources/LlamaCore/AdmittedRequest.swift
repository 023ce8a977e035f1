import Steering

/// A request that has been checked and tokenised, with its steering and seed fixed.
struct AdmittedRequest: Sendable {
    /// Numbers the core's requests in the order of their admission.
    let id: UInt64
    let prompt: [Int32]
    /// The most tokens to generate, at least 1; with the prompt they fit into the context.
    let limit: Int
    let sampling: Sampling
    let seed: UInt32
    let stop: [String]
    let topLogprobs: Int?
    let plan: SteeringPlan
    /// Where the answer goes.
    let continuation: AsyncThrowingStream<Generation.Event, any Error>.Continuation
}

extension GenerationRequest {
    /// Checks the parameters' ranges.
    ///
    /// - Throws: ``InferenceError`` `.invalidRequest` that names the parameter.
    func validate() throws(InferenceError) {
        if let maxTokens, maxTokens < 1 {
            throw InferenceError(.invalidRequest, "The most tokens to generate must be at least 1, not \(maxTokens).")
        }
        try Self.check(sampling.temperature, in: 0...2, "The temperature")
        try Self.check(sampling.topP, in: 0...1, "top-p")
        try Self.check(sampling.presencePenalty, in: -2...2, "The presence penalty")
        try Self.check(sampling.frequencyPenalty, in: -2...2, "The frequency penalty")
        if let topLogprobs, !(0...20).contains(topLogprobs) {
            throw InferenceError(.invalidRequest, "At most 20 alternatives can be reported, not \(topLogprobs).")
        }
        if stop.contains(where: \.isEmpty) {
            throw InferenceError(.invalidRequest, "A stop text is empty.")
        }
    }

    private static func check(_ value: Float, in range: ClosedRange<Float>, _ what: String) throws(InferenceError) {
        guard range.contains(value) else {
            throw InferenceError(
                .invalidRequest,
                "\(what) must be between \(range.lowerBound) and \(range.upperBound), not \(value)."
            )
        }
    }
}
