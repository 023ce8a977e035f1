import Foundation

/// A sparse autoencoder small enough to compute by hand, written in the SAELens layout.
///
/// The decoder direction of feature i is the unit vector i mod d, so a plan's delta shows the strengths.
package struct TinySAE: Sendable {
    /// d_in; fits ``EchoCore``'s model.
    package var dIn = 8
    /// d_sae.
    package var dSAE = 16
    /// The block whose residual output it belongs to.
    package var layer = 2
    /// The model that it was trained on.
    package var modelName = "acme/Echo-1B"

    package init() {}

    /// Writes `cfg.json` and `sae_weights.safetensors` into a directory, which is made.
    package func write(to directory: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let configuration: [String: Any] = [
            "architecture": "standard", "d_in": dIn, "d_sae": dSAE, "dtype": "float32",
            "apply_b_dec_to_input": true, "normalize_activations": "none",
            "metadata": ["model_name": modelName, "hook_name": "blocks.\(layer).hook_resid_post"],
        ]
        try JSONSerialization.data(withJSONObject: configuration)
            .write(to: URL(fileURLWithPath: directory + "/cfg.json"))
        try weights().write(to: URL(fileURLWithPath: directory + "/sae_weights.safetensors"))
    }

    private func weights() throws -> Data {
        let decoder = (0..<dSAE).flatMap { row in (0..<dIn).map { $0 == row % dIn ? Float(1) : 0 } }
        let tensors: [(name: String, shape: [Int], values: [Float])] = [
            ("W_dec", [dSAE, dIn], decoder),
            ("W_enc", [dIn, dSAE], Array(repeating: 0, count: dIn * dSAE)),
            ("b_dec", [dIn], Array(repeating: 0, count: dIn)),
            ("b_enc", [dSAE], Array(repeating: 0, count: dSAE)),
        ]
        var header: [String: Any] = [:]
        var body = Data()
        for tensor in tensors {
            let start = body.count
            for value in tensor.values {
                unsafe withUnsafeBytes(of: value.bitPattern.littleEndian) { unsafe body.append(contentsOf: $0) }
            }
            header[tensor.name] = ["dtype": "F32", "shape": tensor.shape, "data_offsets": [start, body.count]]
        }
        let text = try JSONSerialization.data(withJSONObject: header)
        var file = Data()
        unsafe withUnsafeBytes(of: UInt64(text.count).littleEndian) { unsafe file.append(contentsOf: $0) }
        return file + text + body
    }
}
