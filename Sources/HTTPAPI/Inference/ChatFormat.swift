import Steering

/// `chat.completion` and `chat.completion.chunk`.
struct ChatFormat: AnswerFormat {
    struct Choice: Encodable, Sendable {
        struct Message: Encodable, Sendable {
            var role = "assistant"
            var content: String
        }

        var index: Int
        var message: Message
        @ExplicitNull var logprobs: ChatLogprobs? = nil
        var finishReason: String

        enum CodingKeys: String, CodingKey {
            case index, message, logprobs
            case finishReason = "finish_reason"
        }
    }

    struct Delta: Encodable, Sendable {
        struct Piece: Encodable, Sendable {
            var role: String?
            var content: String?
        }

        var index: Int
        var delta: Piece
        @ExplicitNull var logprobs: ChatLogprobs? = nil
        @ExplicitNull var finishReason: String? = nil

        enum CodingKeys: String, CodingKey {
            case index, delta, logprobs
            case finishReason = "finish_reason"
        }
    }

    let idPrefix = "chatcmpl-"
    let wholeName = "chat.completion"
    let chunkName = "chat.completion.chunk"
    /// Whether log probabilities were asked for.
    let hasLogprobs: Bool

    func opening(choice: Int) -> Delta? {
        Delta(index: choice, delta: Delta.Piece(role: "assistant", content: ""))
    }

    func delta(choice: Int, text: String, tokens: [Generation.Token], offset: Int) -> Delta? {
        guard !text.isEmpty || hasLogprobs else { return nil }
        return Delta(index: choice, delta: Delta.Piece(content: text), logprobs: logprobs(of: tokens))
    }

    func ending(choice: Int, reason: Generation.FinishReason) -> Delta {
        Delta(index: choice, delta: Delta.Piece(), finishReason: reason.rawValue)
    }

    func whole(choice: Int, text: String, tokens: [Generation.Token], reason: Generation.FinishReason) -> Choice {
        Choice(
            index: choice,
            message: Choice.Message(content: text),
            logprobs: logprobs(of: tokens),
            finishReason: reason.rawValue
        )
    }

    private func logprobs(of tokens: [Generation.Token]) -> ChatLogprobs? {
        hasLogprobs ? ChatLogprobs(tokens) : nil
    }
}
