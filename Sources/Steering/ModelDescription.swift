/// What the rest of the product needs to know of a loaded model.
package struct ModelDescription: Hashable, Sendable {
    /// The name that requests use: `--model-name`, else the file's name without extension and quantisation suffix.
    package var name: String
    /// The GGUF file's name, extension included.
    package var fileName: String
    /// `general.name` of the GGUF file's metadata.
    package var generalName: String?
    /// d, the width of the residual stream.
    package var embeddingSize: Int
    /// The number of blocks.
    package var layerCount: Int
    /// The context's length in tokens, shared by the sequences that run at once.
    package var contextLength: Int

    package init(
        name: String,
        fileName: String,
        generalName: String? = nil,
        embeddingSize: Int,
        layerCount: Int,
        contextLength: Int
    ) {
        self.name = name
        self.fileName = fileName
        self.generalName = generalName
        self.embeddingSize = embeddingSize
        self.layerCount = layerCount
        self.contextLength = contextLength
    }
}
