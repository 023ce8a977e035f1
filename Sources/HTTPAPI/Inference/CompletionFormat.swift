import Steering

/// `text_completion`, the same for wholes and chunks.
struct CompletionFormat: AnswerFormat {
    struct Choice: Encodable, Sendable {
        var index: Int
        var text: String
        @ExplicitNull var logprobs: CompletionLogprobs? = nil
        @ExplicitNull var finishReason: String? = nil

        enum CodingKeys: String, CodingKey {
            case index, text, logprobs
            case finishReason = "finish_reason"
        }
    }

    let idPrefix = "cmpl-"
    let wholeName = "text_completion"
    let chunkName = "text_completion"
    /// Whether log probabilities were asked for.
    let hasLogprobs: Bool

    func opening(choice: Int) -> Choice? { nil }

    func delta(choice: Int, text: String, tokens: [Generation.Token], offset: Int) -> Choice? {
        guard !text.isEmpty || hasLogprobs else { return nil }
        return Choice(index: choice, text: text, logprobs: logprobs(of: tokens, offset: offset))
    }

    func ending(choice: Int, reason: Generation.FinishReason) -> Choice {
        Choice(index: choice, text: "", finishReason: reason.rawValue)
    }

    func whole(choice: Int, text: String, tokens: [Generation.Token], reason: Generation.FinishReason) -> Choice {
        Choice(
            index: choice,
            text: text,
            logprobs: logprobs(of: tokens, offset: 0),
            finishReason: reason.rawValue
        )
    }

    private func logprobs(of tokens: [Generation.Token], offset: Int) -> CompletionLogprobs? {
        hasLogprobs ? CompletionLogprobs(tokens, offset: offset) : nil
    }
}
