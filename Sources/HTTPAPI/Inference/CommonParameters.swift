import Steering

/// The parameters that chat and plain completions have in common.
struct CommonParameters: NamedFields {
    struct StreamOptions: Decodable {
        var includeUsage: Bool?

        enum CodingKeys: String, CodingKey {
            case includeUsage = "include_usage"
        }
    }

    var model: String?
    var profile: String?
    var maxTokens: NumberField<Int>?
    var temperature: NumberField<Double>?
    var topP: NumberField<Double>?
    var seed: NumberField<Int64>?
    var stop: StopTexts?
    var n: NumberField<Int>?
    var presencePenalty: NumberField<Double>?
    var frequencyPenalty: NumberField<Double>?
    var stream: Bool?
    var streamOptions: StreamOptions?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case model, profile, temperature, seed, stop, n, stream
        case maxTokens = "max_tokens"
        case topP = "top_p"
        case presencePenalty = "presence_penalty"
        case frequencyPenalty = "frequency_penalty"
        case streamOptions = "stream_options"
    }

    /// Checks the ranges and puts the parameters together with what only one of the endpoints has.
    ///
    /// - Parameter maxTokens: The limit that takes effect, whichever of its names it came by.
    /// - Throws: ``APIError`` `.invalidValue` with the parameter that breaks a rule.
    func order(
        prompts: [GenerationRequest.Prompt],
        maxTokens: Int?,
        topLogprobs: Int?
    ) throws(APIError) -> GenerationOrder {
        let choicesPerPrompt = n?.value ?? 1
        try require(self.maxTokens?.value, in: 1...Int.max, "max_tokens", "must be at least 1")
        try require(temperature?.value, in: 0...2, "temperature", "must be from 0 to 2")
        try require(topP?.value, in: 0...1, "top_p", "must be from 0 to 1")
        try require(presencePenalty?.value, in: -2...2, "presence_penalty", "must be from -2 to 2")
        try require(frequencyPenalty?.value, in: -2...2, "frequency_penalty", "must be from -2 to 2")
        let limit = GenerationOrder.choiceLimit
        try require(choicesPerPrompt, in: 1...limit, "n", "must be from 1 to \(limit)")
        guard prompts.count * choicesPerPrompt <= limit else {
            throw .invalidParameter("n", "asks for more than \(limit) answers in one request")
        }
        guard streamOptions == nil || stream == true else {
            throw .invalidParameter("stream_options", "is possible only together with 'stream'")
        }
        return GenerationOrder(
            model: model,
            profile: profile,
            prompts: prompts,
            choicesPerPrompt: choicesPerPrompt,
            maxTokens: maxTokens,
            sampling: Sampling(
                temperature: Float(temperature?.value ?? 1),
                topP: Float(topP?.value ?? 1),
                seed: seed.map { UInt32(truncatingIfNeeded: $0.value) },
                presencePenalty: Float(presencePenalty?.value ?? 0),
                frequencyPenalty: Float(frequencyPenalty?.value ?? 0)
            ),
            stop: stop?.texts ?? [],
            topLogprobs: topLogprobs,
            isStreamed: stream ?? false,
            streamsUsage: streamOptions?.includeUsage ?? false
        )
    }
}

/// Checks a parameter's range, if it is given.
func require<Value: Comparable>(
    _ value: Value?,
    in range: ClosedRange<Value>,
    _ name: String,
    _ rule: String
) throws(APIError) {
    if let value, !range.contains(value) {
        throw .invalidParameter(name, rule)
    }
}
