import CLlama
import FoundationEssentials
import Glibc
import Steering

/// The weights and the vocabulary of a loaded GGUF file.
///
/// The context holds the model, so that the model is freed after it.
@safe final class Model: Sendable {
    // Safety: nothing changes a model after it has been loaded, and libllama's functions that read one,
    // the tokeniser's included, may be called from several threads.
    nonisolated(unsafe) let pointer: OpaquePointer
    // Safety: as above; the vocabulary belongs to the model.
    nonisolated(unsafe) let vocabulary: OpaquePointer

    /// The last component of the file's path.
    let fileName: String
    /// `general.name` of the metadata.
    let generalName: String?
    /// The width of the residual stream.
    let embeddingSize: Int
    /// The number of blocks.
    let layerCount: Int
    /// The number of tokens in the vocabulary.
    let vocabularySize: Int
    /// The context that the model was trained for, in tokens.
    let trainedContextLength: Int

    /// Whether what is remembered of a beginning can be shared; recurrent models remember only the end.
    var canShareBeginnings: Bool {
        unsafe !llama_model_is_recurrent(pointer) && !llama_model_is_hybrid(pointer)
    }

    /// Maps the file and reads its metadata.
    ///
    /// - Throws: ``InferenceError`` `.modelUnavailable` that names the file and what is wrong with it.
    init(path: String) throws(InferenceError) {
        try Self.checkFile(path)
        var parameters = unsafe llama_model_default_params()
        unsafe parameters.n_gpu_layers = -1
        _ = Backend.takeLastError()
        guard let loaded = unsafe llama_model_load_from_file(path, parameters) else {
            let reason = Backend.takeLastError().map { " libllama says: \($0)" } ?? ""
            throw InferenceError(.modelUnavailable, "The model '\(path)' cannot be loaded.\(reason)")
        }
        unsafe pointer = loaded
        guard unsafe llama_model_has_decoder(loaded), let vocabulary = unsafe llama_model_get_vocab(loaded) else {
            unsafe llama_model_free(loaded)
            throw InferenceError(.modelUnavailable, "The model '\(path)' does not generate text.")
        }
        unsafe self.vocabulary = vocabulary
        fileName = path.split(separator: "/").last.map(String.init) ?? path
        generalName = unsafe Self.metadata("general.name", of: loaded)
        embeddingSize = unsafe Int(llama_model_n_embd(loaded))
        layerCount = unsafe Int(llama_model_n_layer(loaded))
        vocabularySize = unsafe Int(llama_vocab_n_tokens(vocabulary))
        trainedContextLength = unsafe Int(llama_model_n_ctx_train(loaded))
    }

    deinit {
        unsafe llama_model_free(pointer)
    }

    /// Finds the mistakes that people make, for which libllama has only numbers.
    private static func checkFile(_ path: String) throws(InferenceError) {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw InferenceError(.modelUnavailable, "There is no model file at '\(path)'.")
        }
        guard !isDirectory else {
            throw InferenceError(.modelUnavailable, "'\(path)' is a directory; give the GGUF file in it.")
        }
        guard let file = unsafe fopen(path, "rb") else {
            let reason = unsafe String(cString: strerror(errno))
            throw InferenceError(.modelUnavailable, "The model file '\(path)' cannot be read: \(reason).")
        }
        defer { unsafe fclose(file) }
        var magic: [UInt8] = [0, 0, 0, 0]
        guard unsafe fread(&magic, 1, 4, file) == 4, magic == Array("GGUF".utf8) else {
            throw InferenceError(.modelUnavailable, "'\(path)' is no GGUF file.")
        }
    }

    private static func metadata(_ key: String, of model: OpaquePointer) -> String? {
        let length = unsafe llama_model_meta_val_str(model, key, nil, 0)
        guard length >= 0 else { return nil }
        var buffer = [CChar](repeating: 0, count: Int(length) + 1)
        guard unsafe llama_model_meta_val_str(model, key, &buffer, buffer.count) == length else { return nil }
        return String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
