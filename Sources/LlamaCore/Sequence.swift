import Steering

/// A request that has started: its tokens so far and what turns the next logits into text.
final class Sequence {
    let request: AdmittedRequest
    let steering: RowSteering?
    /// The prompt and what has been generated.
    private(set) var tokens: [Int32]
    /// How many of the tokens the context's memory holds.
    var cached = 0
    private let sampler: Sampler
    private var assembler: TextAssembler

    init(_ request: AdmittedRequest, vocabularySize: Int) {
        self.request = request
        steering = RowSteering(request.plan)
        tokens = request.prompt
        sampler = Sampler(
            request.sampling,
            seed: request.seed,
            vocabularySize: vocabularySize,
            memory: request.prompt.count + request.limit
        )
        assembler = TextAssembler(stops: request.stop)
    }

    /// How many tokens have still to be computed before the next one can be chosen.
    var pending: Int { tokens.count - cached }

    /// The most tokens that the sequence can still come to.
    var greatestLength: Int { request.prompt.count + request.limit }

    private var usage: Generation.Usage {
        Generation.Usage(promptTokens: request.prompt.count, completionTokens: tokens.count - request.prompt.count)
    }

    /// Chooses the next token behind the row and tells the client.
    ///
    /// - Returns: Whether the answer has ended.
    /// - Throws: ``InferenceError`` `.engineFailed`.
    func advance(row: Int, of context: borrowing Context) throws(InferenceError) -> Bool {
        let id = try context.sample(row: row, with: sampler)
        guard !context.model.endsGeneration(id) else {
            finish(.stop)
            return true
        }
        tokens.append(id)
        let output = assembler.append(token(id, row: row, of: context))
        tell(output)
        if output.isStopped {
            request.continuation.yield(.finished(.stop, usage))
            request.continuation.finish()
            return true
        }
        guard tokens.count == greatestLength else { return false }
        finish(.length)
        return true
    }

    private func finish(_ reason: Generation.FinishReason) {
        tell(assembler.finish())
        request.continuation.yield(.finished(reason, usage))
        request.continuation.finish()
    }

    private func tell(_ output: TextAssembler.Output) {
        guard !output.isEmpty else { return }
        request.continuation.yield(.text(output.text, tokens: output.tokens))
    }

    private func token(_ id: Int32, row: Int, of context: borrowing Context) -> Generation.Token {
        let bytes = context.model.bytes(of: id, showingSpecial: false)
        guard let count = request.topLogprobs else { return Generation.Token(id: id, bytes: bytes) }
        let (logprob, top) = context.logprobs(row: row, of: id, top: count)
        var alternatives: [Generation.Token.Candidate] = []
        for (token, logprob) in top {
            let bytes = context.model.bytes(of: token, showingSpecial: true)
            alternatives.append(Generation.Token.Candidate(bytes: bytes, logprob: logprob))
        }
        return Generation.Token(id: id, bytes: bytes, logprob: logprob, alternatives: alternatives)
    }
}
