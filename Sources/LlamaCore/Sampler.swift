import CLlama
import Steering

/// The way from a row's logits to the next token, with the state that it needs: the tokens so far and the random
/// numbers.
@safe struct Sampler: ~Copyable {
    let pointer: UnsafeMutablePointer<llama_sampler>

    /// Builds libllama's chain: penalties, top-p, temperature, draw; at temperature 0 penalties and the most likely.
    ///
    /// - Parameters:
    ///   - seed: What the draws are repeatable by.
    ///   - memory: How many of the last tokens the penalties count.
    init(_ sampling: Sampling, seed: UInt32, vocabularySize: Int, memory: Int) {
        var parameters = llama_sampler_chain_default_params()
        parameters.no_perf = true
        unsafe pointer = llama_sampler_chain_init(parameters)
        if sampling.presencePenalty != 0 || sampling.frequencyPenalty != 0 {
            unsafe llama_sampler_chain_add(
                pointer,
                llama_sampler_init_penalties(
                    Int32(vocabularySize),
                    Int32(memory),
                    1,
                    sampling.frequencyPenalty,
                    sampling.presencePenalty
                )
            )
        }
        // Below that the logits that it divides overflow, and the most likely token is all that is left anyway.
        if sampling.temperature < 1e-4 {
            unsafe llama_sampler_chain_add(pointer, llama_sampler_init_greedy())
        } else {
            unsafe llama_sampler_chain_add(pointer, llama_sampler_init_top_p(sampling.topP, 1))
            unsafe llama_sampler_chain_add(pointer, llama_sampler_init_temp(sampling.temperature))
            // libllama takes its greatest seed to mean "any".
            let seed = seed == UInt32(LLAMA_DEFAULT_SEED) ? seed - 1 : seed
            unsafe llama_sampler_chain_add(pointer, llama_sampler_init_dist(seed))
        }
    }

    deinit {
        unsafe llama_sampler_free(pointer)
    }
}
