import CLlama
import Glibc
import Steering

extension Context {
    /// Chooses the next token behind a row of the last batch, and notes the choice in the sampler.
    ///
    /// - Throws: ``InferenceError`` `.engineFailed` if the model's output is no number.
    func sample(row: Int, with sampler: borrowing Sampler) throws(InferenceError) -> Int32 {
        guard let logits = unsafe logits(of: row) else {
            throw InferenceError(.engineFailed, "libllama has no logits for row \(row).")
        }
        let token = unsafe llama_sampler_sample(sampler.pointer, pointer, Int32(row))
        guard logits.indices.contains(Int(token)), unsafe logits[Int(token)].isFinite else {
            throw InferenceError(.engineFailed, "The model's output is no number; the steering may be too strong.")
        }
        return token
    }

    /// The log probabilities behind a row of the last batch: of one token, and of the most likely ones.
    ///
    /// - Parameter count: How many of the most likely to give, most likely first; on a tie the lower id.
    func logprobs(row: Int, of token: Int32, top count: Int) -> (Float, [(token: Int32, logprob: Float)]) {
        guard let logits = unsafe logits(of: row) else { return (-.infinity, []) }
        let normaliser = unsafe Self.logSumExp(logits)
        let top = unsafe Self.largest(count, of: logits).map { index in
            (Int32(index), unsafe Float(Double(logits[index]) - normaliser))
        }
        return (unsafe Float(Double(logits[Int(token)]) - normaliser), top)
    }

    private func logits(of row: Int) -> UnsafeBufferPointer<Float>? {
        unsafe llama_get_logits_ith(pointer, Int32(row)).map {
            unsafe UnsafeBufferPointer(start: $0, count: model.vocabularySize)
        }
    }

    /// log Σ exp(logit), with the largest taken out so that nothing overflows.
    private static func logSumExp(_ logits: UnsafeBufferPointer<Float>) -> Double {
        var largest = -Float.infinity
        for index in logits.indices { largest = unsafe max(largest, logits[index]) }
        var sum = 0.0
        for index in logits.indices { sum += unsafe exp(Double(logits[index] - largest)) }
        return Double(largest) + log(sum)
    }

    /// The places of the largest values, in falling order.
    private static func largest(_ count: Int, of logits: UnsafeBufferPointer<Float>) -> [Int] {
        guard count > 0 else { return [] }
        var found: [Int] = []
        for index in logits.indices {
            let logit = unsafe logits[index]
            if found.count == count, unsafe logit <= logits[found[count - 1]] { continue }
            let place = found.firstIndex { unsafe logits[$0] < logit } ?? found.count
            found.insert(index, at: place)
            if found.count > count { found.removeLast() }
        }
        return found
    }
}
