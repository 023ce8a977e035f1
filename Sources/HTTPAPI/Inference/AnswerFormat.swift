import Steering

/// How an endpoint writes choices, as a whole and in pieces.
protocol AnswerFormat: Sendable {
    /// A choice as a whole.
    associatedtype Choice: Encodable & Sendable
    /// A piece of a choice, in a stream.
    associatedtype Delta: Encodable & Sendable

    /// What ids begin with.
    var idPrefix: String { get }
    /// The `object` of a whole answer.
    var wholeName: String { get }
    /// The `object` of a chunk.
    var chunkName: String { get }

    /// What a choice's stream begins with; nil for nothing.
    func opening(choice: Int) -> Delta?
    /// A piece of text; nil if there is nothing to tell.
    ///
    /// - Parameter offset: How many Unicode scalars of the choice came before.
    func delta(choice: Int, text: String, tokens: [Generation.Token], offset: Int) -> Delta?
    /// The end of a choice's stream.
    func ending(choice: Int, reason: Generation.FinishReason) -> Delta
    /// The choice as a whole.
    func whole(choice: Int, text: String, tokens: [Generation.Token], reason: Generation.FinishReason) -> Choice
}
