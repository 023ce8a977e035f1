import CLlama
import Steering

@testable import LlamaCore

/// Greedy generation with nothing but libllama's own calls, steered by its own control vector.
enum ControlVectorReference {
    struct Failure: Error { let call: String }

    /// - Parameter plan: Adds its delta at its layer, which must not be 0: control vectors cannot say that.
    static func tokens(of prompt: [Int32], count: Int, plan: SteeringPlan, model: Model) throws -> [Int32] {
        var parameters = unsafe llama_context_default_params()
        unsafe parameters.n_ctx = 2048
        unsafe parameters.n_batch = 2048
        // These two change nothing for prompts of less than 64 tokens and contexts of less than 512; beyond,
        // ggml would take other loops for attention, and the model is so sensitive to rounding that it says other words.
        unsafe parameters.n_ubatch = 63
        unsafe parameters.n_threads = 1
        guard let context = unsafe llama_init_from_model(model.pointer, parameters) else {
            throw Failure(call: "llama_init_from_model")
        }
        defer { unsafe llama_free(context) }
        if let layer = plan.layer {
            var data = [Float](repeating: 0, count: model.embeddingSize * (model.layerCount - 1))
            data.replaceSubrange((layer - 1) * model.embeddingSize..<layer * model.embeddingSize, with: plan.delta)
            let width = Int32(model.embeddingSize)
            guard unsafe llama_set_adapter_cvec(context, data, data.count, width, Int32(layer), Int32(layer)) == 0
            else {
                throw Failure(call: "llama_set_adapter_cvec")
            }
        }
        var next = prompt
        var generated: [Int32] = []
        while generated.count < count {
            let status = unsafe next.withUnsafeMutableBufferPointer {
                unsafe llama_decode(context, llama_batch_get_one($0.baseAddress, Int32($0.count)))
            }
            guard status == 0, let logits = unsafe llama_get_logits_ith(context, -1) else {
                throw Failure(call: "llama_decode")
            }
            let best = (0..<model.vocabularySize).max { unsafe logits[$0] < logits[$1] }
            guard let token = best.map(Int32.init), !model.endsGeneration(token) else { break }
            generated.append(token)
            next = [token]
        }
        return generated
    }
}
