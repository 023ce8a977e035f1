import FoundationEssentials

/// The parts of SAELens's `cfg.json` that steering depends on.
///
/// Version 6 keeps what describes the training under `metadata`; before, all keys were at the top, and the hook point
/// was first called `hook_point`.
struct SAEConfiguration {
    let dIn: Int
    let dSAE: Int
    let layer: Int
    let modelName: String?
    let neuronpediaID: String?

    /// - Parameter path: For the messages.
    /// - Throws: ``SteeringError`` `.invalidFile`, `.unsupported`, `.unusableScale`.
    init(json: Data, path: String) throws(SteeringError) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file: File
        do {
            file = try decoder.decode(File.self, from: json)
        } catch {
            throw SteeringError(.invalidFile, "'\(path)' is not the configuration of a SAELens autoencoder.")
        }
        guard let dIn = file.dIn, let dSAE = file.dSae, dIn > 0, dSAE > 0 else {
            throw SteeringError(.invalidFile, "'\(path)' does not say how large the autoencoder is: d_in and d_sae.")
        }
        let metadata = file.metadata
        guard let hook = metadata?.hookName ?? file.hookName ?? file.hookPoint else {
            throw SteeringError(
                .invalidFile,
                "'\(path)' does not say where in the model the autoencoder belongs: hook_name."
            )
        }
        if let architecture = file.architecture, architecture.contains("transcoder") {
            throw SteeringError(
                .unsupported,
                "'\(path)': a \(architecture) writes to another place than it reads; only autoencoders can be used."
            )
        }
        self.dIn = dIn
        self.dSAE = dSAE
        layer = try Self.layer(ofHook: hook, path: path)
        modelName = metadata?.modelName ?? file.modelName
        neuronpediaID = metadata?.neuronpediaId ?? file.neuronpediaId
        try Self.checkScale(file.normalizeActivations?.name, path: path)
    }

    /// L of the hook points that name the residual stream behind block L.
    private static func layer(ofHook hook: String, path: String) throws(SteeringError) -> Int {
        let forms = [/blocks\.(\d{1,5})\.hook_resid_post/, /model\.layers\.(\d{1,5})(?:\.output)?/]
        for form in forms {
            if let match = hook.wholeMatch(of: form), let layer = Int(match.1) { return layer }
        }
        throw SteeringError(
            .unsupported,
            "'\(path)': the autoencoder belongs to '\(hook)'; only the residual stream behind a block can be steered"
                + " (blocks.L.hook_resid_post)."
        )
    }

    /// Refuses autoencoders whose decoder lives in a space that each activation is rescaled into.
    private static func checkScale(_ normalisation: String?, path: String) throws(SteeringError) {
        switch normalisation {
        case nil, "none", "expected_average_only_in": return  // the latter is folded into the weights when saved
        case let name?:
            throw SteeringError(
                .unusableScale,
                "'\(path)': with normalize_activations '\(name)' the decoder directions are not in units of the residual"
                    + " stream, so strengths would have the wrong scale; use an autoencoder without it."
            )
        }
    }

    private struct File: Decodable {
        let architecture: String?
        let dIn: Int?
        let dSae: Int?
        let normalizeActivations: Normalisation?
        let metadata: Metadata?
        let hookName: String?
        let hookPoint: String?
        let modelName: String?
        let neuronpediaId: String?
    }

    private struct Metadata: Decodable {
        let hookName: String?
        let modelName: String?
        let neuronpediaId: String?
    }

    /// A name; in old files also a truth value.
    private struct Normalisation: Decodable {
        let name: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let isOn = try? container.decode(Bool.self) {
                name = isOn ? "true" : "none"
            } else {
                name = try container.decode(String.self)
            }
        }
    }
}
