import CLlama
import Steering

/// A model's working memory: the KV cache, the compute buffers and the logits of the last batch.
///
/// It belongs to one thread. It holds the model, which is therefore freed after it.
@safe struct Context: ~Copyable {
    /// One token of a batch.
    struct Row {
        let token: Int32
        /// Its place in the sequence, from 0.
        let position: Int
        /// The sequence, below the number that the context was made for.
        let sequence: Int
        let wantsLogits: Bool
        let steering: RowSteering?
    }

    /// From so many rows on, ggml's attention on the CPU takes another loop, which rounds differently.
    private static let rowsOfOneKernel = 63
    /// Behind so many tokens in the memory it takes a third one for a batch of a single row.
    private static let tokensOfOneKernel = 256

    let pointer: OpaquePointer
    let model: Model
    /// How many sequences the memory tells apart.
    let sequences: Int
    private let memory: OpaquePointer
    private let hook: SteeringHook
    private var batch: llama_batch

    /// The most rows that a batch may have.
    let rowLimit: Int

    /// - Parameters:
    ///   - length: The tokens that all sequences together may hold.
    ///   - sequences: How many sequences there are.
    /// - Throws: ``InferenceError`` `.modelUnavailable` if there is no memory for it.
    init(
        model: Model,
        length: Int,
        sequences: Int,
        threads: Int,
        rowLimit: Int = rowsOfOneKernel
    ) throws(InferenceError) {
        let hook = SteeringHook(width: model.embeddingSize)
        let rowLimit = min(rowLimit, length)
        var parameters = unsafe llama_context_default_params()
        unsafe parameters.n_ctx = UInt32(length + 1)  // with a place for the companion
        // One micro-batch per batch keeps the rows in the batch's order, which the hook relies on.
        unsafe parameters.n_batch = UInt32(max(rowLimit, sequences + 1))  // libllama wants an output for each sequence
        unsafe parameters.n_ubatch = UInt32(rowLimit)
        unsafe parameters.n_seq_max = UInt32(sequences + 1)
        unsafe parameters.n_threads = Int32(threads)
        unsafe parameters.n_threads_batch = Int32(threads)
        unsafe parameters.kv_unified = true
        unsafe parameters.no_perf = true
        unsafe parameters.cb_eval = SteeringHook.callback
        unsafe parameters.cb_eval_user_data = Unmanaged.passUnretained(hook).toOpaque()
        _ = Backend.takeLastError()
        guard let pointer = unsafe llama_init_from_model(model.pointer, parameters) else {
            let reason = Backend.takeLastError().map { " libllama says: \($0)" } ?? ""
            throw InferenceError(.modelUnavailable, "There is no memory for a context of \(length) tokens.\(reason)")
        }
        guard let memory = unsafe llama_get_memory(pointer), unsafe Int(llama_n_ubatch(pointer)) >= rowLimit else {
            unsafe llama_free(pointer)
            throw InferenceError(.modelUnavailable, "The model '\(model.fileName)' keeps no sequences.")
        }
        unsafe self.pointer = pointer
        self.model = model
        unsafe self.memory = memory
        self.hook = hook
        self.rowLimit = rowLimit
        self.sequences = sequences
        unsafe batch = llama_batch_init(Int32(rowLimit), 0, 1)
    }

    deinit {
        unsafe llama_batch_free(batch)
        unsafe llama_free(pointer)
    }

    /// Computes a batch; afterwards the logits of the rows that want them can be read.
    ///
    /// - Parameters:
    ///   - rows: At most ``rowLimit``, each sequence's in the order of their positions, without gaps.
    ///   - used: How many tokens the memory holds.
    /// - Throws: ``InferenceError`` `.engineFailed`; what the memory holds is then unknown.
    mutating func decode(_ rows: [Row], behind used: Int) throws(InferenceError) {
        let isAlone = rows.count == 1 && used >= Self.tokensOfOneKernel
        let rows = isAlone ? rows + [companion] : rows
        defer {
            // It was the last, so libllama puts the next token in its place.
            if isAlone { _ = unsafe llama_memory_seq_rm(memory, Int32(sequences), -1, -1) }
        }
        hook.prepare(rows)
        try compute(rows)
        let missed = hook.missedLayers(of: model.layerCount).union(hook.unusable)
        guard missed.isEmpty else {
            let layers = missed.sorted().map(String.init).joined(separator: ", ")
            throw InferenceError(.engineFailed, "The output of block \(layers) could not be steered.")
        }
    }

    /// A row that keeps another one from being alone in its batch, so that an answer does not depend on its neighbours.
    private var companion: Row {
        Row(token: 0, position: 0, sequence: sequences, wantsLogits: false, steering: nil)
    }

    /// Lets an empty sequence begin with another's first tokens, without a copy.
    func share(_ count: Int, of source: Int, with sequence: Int) {
        unsafe llama_memory_seq_cp(memory, Int32(source), Int32(sequence), 0, Int32(count))
    }

    /// What the memory holds of a sequence, in libllama's own form; nil if it cannot be had.
    func state(of sequence: Int) -> [UInt8]? {
        let size = unsafe llama_state_seq_get_size(pointer, Int32(sequence))
        var state = [UInt8](repeating: 0, count: size)
        let written = unsafe llama_state_seq_get_data(pointer, &state, size, Int32(sequence))
        return written == size && size > 0 ? state : nil
    }

    /// Puts a state at the memory's end.
    ///
    /// - Returns: Whether that went well; if not, the sequence is empty.
    func restore(_ state: [UInt8], as sequence: Int) -> Bool {
        if unsafe llama_state_seq_set_data(pointer, state, state.count, Int32(sequence)) > 0 { return true }
        _ = unsafe llama_memory_seq_rm(memory, Int32(sequence), -1, -1)
        return false
    }

    /// Forgets all sequences.
    func forgetAll() {
        unsafe llama_memory_clear(memory, false)
    }

    /// Finds out which blocks' outputs the model hands over, by computing one token; forgets all sequences.
    ///
    /// - Returns: The blocks that can be steered.
    /// - Throws: ``InferenceError`` `.engineFailed`.
    mutating func survey() throws(InferenceError) -> Set<Int> {
        hook.prepareSurvey()
        try compute([Row(token: 0, position: 0, sequence: 0, wantsLogits: true, steering: nil)])
        forgetAll()
        return hook.reached
    }

    private mutating func compute(_ rows: [Row]) throws(InferenceError) {
        precondition(!rows.isEmpty && rows.count <= rowLimit, "a batch of \(rows.count) rows")
        unsafe batch.n_tokens = Int32(rows.count)
        for (index, row) in rows.enumerated() {
            unsafe batch.token[index] = row.token
            unsafe batch.pos[index] = Int32(row.position)
            unsafe batch.n_seq_id[index] = 1
            unsafe batch.seq_id[index]?[0] = Int32(row.sequence)
            unsafe batch.logits[index] = row.wantsLogits ? 1 : 0
        }
        _ = Backend.takeLastError()
        let status = unsafe llama_decode(pointer, batch)
        guard status == 0 else {
            let reason = Backend.takeLastError().map { " libllama says: \($0)" } ?? ""
            throw InferenceError(.engineFailed, "libllama could not compute a batch (\(status)).\(reason)")
        }
    }
}
