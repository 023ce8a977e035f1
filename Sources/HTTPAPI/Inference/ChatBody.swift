import Steering

/// The body of `POST /v1/chat/completions`.
struct ChatBody: NamedFields {
    var common: CommonParameters
    var messages: [MessageBody]
    var maxCompletionTokens: NumberField<Int>?
    var logprobs: Bool?
    var topLogprobs: NumberField<Int>?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case messages, logprobs
        case maxCompletionTokens = "max_completion_tokens"
        case topLogprobs = "top_logprobs"
    }

    static var names: [String] { CommonParameters.names + CodingKeys.allCases.map(\.stringValue) }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        common = try CommonParameters(from: decoder)
        messages = try container.decode([MessageBody].self, forKey: .messages)
        maxCompletionTokens = try container.decodeIfPresent(NumberField<Int>.self, forKey: .maxCompletionTokens)
        logprobs = try container.decodeIfPresent(Bool.self, forKey: .logprobs)
        topLogprobs = try container.decodeIfPresent(NumberField<Int>.self, forKey: .topLogprobs)
    }

    /// What the body asks for.
    ///
    /// - Throws: ``APIError`` `.invalidValue` with the parameter that breaks a rule.
    func order() throws(APIError) -> GenerationOrder {
        guard !messages.isEmpty else { throw .invalidParameter("messages", "must hold at least one message") }
        try require(maxCompletionTokens?.value, in: 1...Int.max, "max_completion_tokens", "must be at least 1")
        try require(topLogprobs?.value, in: 0...20, "top_logprobs", "must be from 0 to 20")
        guard topLogprobs == nil || logprobs == true else {
            throw .invalidParameter("top_logprobs", "is possible only together with 'logprobs'")
        }
        return try common.order(
            prompts: [.chat(messages.map(\.message))],
            // Two names of the same limit; the newer one wins.
            maxTokens: (maxCompletionTokens ?? common.maxTokens)?.value,
            topLogprobs: logprobs == true ? topLogprobs?.value ?? 0 : nil
        )
    }
}
