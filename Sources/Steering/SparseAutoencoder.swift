import FoundationEssentials

/// What the rest of the product needs to know of an SAE.
package struct SAEDescription: Hashable, Sendable {
    /// `--sae-id`, else the folder's name.
    package var id: String
    /// The id under which Neuronpedia knows it, such as `gpt2-small/8-res-jb`.
    package var neuronpediaID: String?
    /// The model that it was trained on, as its makers called it.
    package var modelName: String?
    /// The block whose output it reads, counted from 0.
    package var layer: Int
    /// The width of the residual stream that it was trained on.
    package var dIn: Int
    /// The number of features.
    package var dSAE: Int

    package init(
        id: String,
        neuronpediaID: String? = nil,
        modelName: String? = nil,
        layer: Int,
        dIn: Int,
        dSAE: Int
    ) {
        self.id = id
        self.neuronpediaID = neuronpediaID
        self.modelName = modelName
        self.layer = layer
        self.dIn = dIn
        self.dSAE = dSAE
    }

    /// Whether a profile's `sae` means this SAE: without regard to case it is the id or Neuronpedia's.
    package func isCalled(_ text: String) -> Bool {
        let wanted = text.lowercased()
        return wanted == id.lowercased() || wanted == neuronpediaID?.lowercased()
    }
}

/// A sparse autoencoder in SAELens's layout: a directory with `cfg.json` and `sae_weights.safetensors`, and perhaps
/// `features.json` with labels.
///
/// Only the decoder is read, row by row as it is needed.
package struct SparseAutoencoder: Sendable {
    package let description: SAEDescription
    /// What is known about the features; empty if there is no `features.json`.
    package let features: SAEFeatures
    private let weights: SafeTensors

    /// The greatest `cfg.json` or `features.json` that is read, in bytes.
    private static let textLimit = 64 << 20

    /// Opens the directory and checks that its files agree with each other.
    ///
    /// - Parameter id: The SAE's id; nil takes the directory's name.
    /// - Throws: ``SteeringError`` `.unreadable`, `.invalidFile`, `.unsupported`, `.unusableScale`.
    package init(directory: String, id: String? = nil) throws(SteeringError) {
        let configurationPath = directory + "/cfg.json"
        let weightsPath = directory + "/sae_weights.safetensors"
        let configuration = try SAEConfiguration(json: Self.contents(of: configurationPath), path: configurationPath)
        weights = try SafeTensors(path: weightsPath)
        guard let decoder = weights.tensors["W_dec"] else {
            throw SteeringError(.invalidFile, "'\(weightsPath)' has no tensor W_dec, the decoder.")
        }
        guard decoder.shape == [configuration.dSAE, configuration.dIn] else {
            throw SteeringError(
                .invalidFile,
                "'\(weightsPath)' has a decoder of shape \(decoder.shape), and cfg.json says"
                    + " [\(configuration.dSAE), \(configuration.dIn)]."
            )
        }
        guard SafeTensors.ElementType(rawValue: decoder.type) != nil else {
            throw SteeringError(
                .unsupported,
                "'\(weightsPath)' stores its decoder as \(decoder.type), and only F32, F16 and BF16 are read."
            )
        }
        description = SAEDescription(
            id: id ?? Self.lastComponent(of: directory),
            neuronpediaID: configuration.neuronpediaID,
            modelName: configuration.modelName,
            layer: configuration.layer,
            dIn: configuration.dIn,
            dSAE: configuration.dSAE
        )
        let featuresPath = directory + "/features.json"
        if FileManager.default.fileExists(atPath: featuresPath) {
            features = try SAEFeatures(json: Self.contents(of: featuresPath), path: featuresPath)
        } else {
            features = SAEFeatures()
        }
    }

    /// A feature's decoder direction, W_dec[feature, :].
    ///
    /// - Returns: Shape `[dIn]`, in units of the residual stream per unit of strength.
    /// - Throws: ``SteeringError`` `.featureOutOfRange`, `.invalidFile`.
    package func direction(of feature: Int) throws(SteeringError) -> [Float] {
        guard (0..<description.dSAE).contains(feature) else {
            throw SteeringError(
                .featureOutOfRange,
                "Feature \(feature) does not exist; \(description.id) has features 0 to \(description.dSAE - 1)."
            )
        }
        return try weights.row(feature, of: "W_dec")
    }

    private static func contents(of path: String) throws(SteeringError) -> Data {
        let file = try MappedFile(path: path)
        guard file.size <= textLimit else {
            throw SteeringError(.invalidFile, "'\(path)' has \(file.size) bytes; more than \(textLimit) are not read.")
        }
        return try unsafe file.withBytes(0..<file.size) { bytes throws(SteeringError) in unsafe Data(bytes) }
    }

    /// The directory's own name, whatever the path looks like: `.` and links' targets included.
    private static func lastComponent(of directory: String) -> String {
        let name = directory.split(separator: "/").last.map(String.init) ?? ""
        guard name.isEmpty || name == "." || name == ".." else { return name }
        let resolved = try? FileManager.default.destinationOfSymbolicLink(atPath: directory)
        return (resolved ?? FileManager.default.currentDirectoryPath).split(separator: "/").last.map(String.init)
            ?? "sae"
    }
}
