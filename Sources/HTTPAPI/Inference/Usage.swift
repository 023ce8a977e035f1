import Steering

/// Tokens read and written, as OpenAI counts them: a prompt once, however many choices it has.
struct Usage: Encodable, Hashable, Sendable {
    var promptTokens = 0
    var completionTokens = 0
    var totalTokens: Int { promptTokens + completionTokens }

    enum CodingKeys: String, CodingKey {
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case totalTokens = "total_tokens"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(promptTokens, forKey: .promptTokens)
        try container.encode(completionTokens, forKey: .completionTokens)
        try container.encode(totalTokens, forKey: .totalTokens)
    }

    /// Adds a choice.
    mutating func add(_ usage: Generation.Usage, countingPrompt: Bool) {
        promptTokens += countingPrompt ? usage.promptTokens : 0
        completionTokens += usage.completionTokens
    }
}
