import Foundation
import MillmTesting
import Profiles
import Steering
import Testing

/// The SAE that the repository ships.
let shippedSAE = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../saes/smollm2-135m-instruct-l15").standardizedFileURL.path

/// Writes an SAE of width 2 with the decoder [[1, 0], [0, 2], [0.1, 0.2]] and gives its directory.
func writeSAE(in directory: String, configuration: String, decoderShape: String = "[3,2]") throws -> String {
    let path = directory + "/tiny-sae"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data(configuration.utf8).write(to: URL(filePath: path + "/cfg.json"))
    let values: [Float] = [1, 0, 0, 2, 0.1, 0.2]
    let data = values.flatMap { value in unsafe withUnsafeBytes(of: value.bitPattern.littleEndian) { unsafe Array($0) }
    }
    let header = #"{"W_dec":{"dtype":"F32","shape":\#(decoderShape),"data_offsets":[0,24]}}"#
    try safeTensors(header, data: data).write(to: URL(filePath: path + "/sae_weights.safetensors"))
    return path
}

let tinyConfiguration =
    #"{"d_in":2,"d_sae":3,"metadata":{"hook_name":"blocks.1.hook_resid_post","neuronpedia_id":"tiny/1-res"}}"#

@Suite struct `A sparse autoencoder` {
    @Test func `the shipped one is read with its labels`() throws {
        let sae = try SparseAutoencoder(directory: shippedSAE)
        #expect(
            sae.description
                == SAEDescription(
                    id: "smollm2-135m-instruct-l15",
                    modelName: "HuggingFaceTB/SmolLM2-135M-Instruct",
                    layer: 15,
                    dIn: 576,
                    dSAE: 3072
                )
        )
        let norm = try sae.direction(of: 2028).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(abs(norm - 1) < 0.01)
        #expect(sae.features.byIndex.count == 3072)
        #expect(sae.features.labelled.count == 23)
        #expect(sae.features.byIndex[1588]?.usefulStrength?.count == 2)
        #expect(sae.features.search("french").first?.index == 1294)
    }

    @Test(arguments: [
        (#"{"d_in":2,"d_sae":3,"metadata":{"hook_name":"blocks.7.hook_resid_post"}}"#, 7),
        (#"{"d_in":2,"d_sae":3,"metadata":{"hook_name":"model.layers.12.output"},"normalize_activations":"none"}"#, 12),
        (#"{"d_in":2,"d_sae":3,"hook_point":"blocks.0.hook_resid_post","activation_fn_str":"relu"}"#, 0),
        (#"{"d_in":2,"d_sae":3,"hook_name":"blocks.3.hook_resid_post","normalize_activations":false}"#, 3),
        (
            #"{"d_in":2,"d_sae":3,"hook_name":"blocks.3.hook_resid_post","normalize_activations":"expected_average_only_in"}"#,
            3
        ),
    ])
    func `the configurations of all SAELens versions are understood`(configuration: String, layer: Int) async throws {
        try await withTemporaryDirectory { directory in
            let path = try writeSAE(in: directory, configuration: configuration)
            let sae = try SparseAutoencoder(directory: path + "/")
            #expect(sae.description.id == "tiny-sae")
            #expect(sae.description.layer == layer)
            #expect(try sae.direction(of: 1) == [0, 2])
            #expect(sae.features.byIndex.isEmpty)
            #expect(try SparseAutoencoder(directory: path, id: "other").description.id == "other")
        }
    }

    @Test(arguments: [
        ("{", SteeringError.Code.invalidFile, "configuration"),
        (#"{"d_in":2,"metadata":{"hook_name":"blocks.1.hook_resid_post"}}"#, .invalidFile, "d_sae"),
        (#"{"d_in":2,"d_sae":3}"#, .invalidFile, "hook_name"),
        (#"{"d_in":2,"d_sae":4,"hook_name":"blocks.1.hook_resid_post"}"#, .invalidFile, "[3, 2]"),
        (#"{"d_in":2,"d_sae":3,"hook_name":"blocks.1.hook_resid_pre"}"#, .unsupported, "hook_resid_pre"),
        (#"{"d_in":2,"d_sae":3,"hook_name":"blocks.1.hook_mlp_out"}"#, .unsupported, "hook_mlp_out"),
        (
            #"{"d_in":2,"d_sae":3,"architecture":"transcoder","hook_name":"blocks.1.hook_resid_post"}"#,
            .unsupported, "transcoder"
        ),
        (
            #"{"d_in":2,"d_sae":3,"hook_name":"blocks.1.hook_resid_post","normalize_activations":"layer_norm"}"#,
            .unusableScale, "layer_norm"
        ),
        (
            #"{"d_in":2,"d_sae":3,"hook_name":"blocks.1.hook_resid_post","normalize_activations":"constant_norm_rescale"}"#,
            .unusableScale, "scale"
        ),
    ])
    func `one that cannot be used is refused and says why`(
        configuration: String,
        code: SteeringError.Code,
        reason: String
    ) async throws {
        try await withTemporaryDirectory { directory in
            let path = try writeSAE(in: directory, configuration: configuration)
            let error = #expect(throws: SteeringError.self) { try SparseAutoencoder(directory: path) }
            #expect(error?.code == code)
            #expect(error?.message.contains(path) == true)
            #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
        }
    }
}

@Suite struct `A plan` {
    @Test func `is the sum of the directions, rounded once`() async throws {
        try await withTemporaryDirectory { directory in
            let sae = try SparseAutoencoder(directory: writeSAE(in: directory, configuration: tinyConfiguration))
            let profile = Profile(name: "Calm", steering: [0: 1e8, 1: -0.5, 2: 10])
            let origin = try SteeringPlan.Origin(profile: ProfileID("calm"), digest: ContentDigest(of: Array("x".utf8)))
            let plan = try SteeringPlan(profile: profile, origin: origin, sae: sae)
            #expect(plan.delta == [Float(1e8 + 10 * Double(Float(0.1))), Float(-1 + 10 * Double(Float(0.2)))])
            #expect(plan.layer == 1)
            #expect(plan.sae == "tiny-sae")
            #expect(plan.origin == origin)
            #expect(plan.strengths == profile.steering)
        }
    }

    @Test func `differs in its digest only if it does something else`() async throws {
        try await withTemporaryDirectory { directory in
            let sae = try SparseAutoencoder(directory: writeSAE(in: directory, configuration: tinyConfiguration))
            func plan(_ steering: [Int: Double]) throws -> SteeringPlan {
                try SteeringPlan(profile: Profile(name: "A", steering: steering), origin: nil, sae: sae)
            }
            #expect(try plan([0: 1]).digest == plan([0: 1, 1: 0]).digest)
            #expect(try plan([0: 1]).digest != plan([0: 2]).digest)
            #expect(try plan([0: 0]).digest == SteeringPlan.unsteered.digest)
            #expect(try plan([0: 0]).sae == nil)
        }
    }

    @Test func `is refused for a feature, a layer or an SAE that is not there`() async throws {
        try await withTemporaryDirectory { directory in
            let sae = try SparseAutoencoder(directory: writeSAE(in: directory, configuration: tinyConfiguration))
            let cases: [(Profile, SparseAutoencoder?, SteeringError.Code)] = [
                (Profile(name: "A", steering: [3: 1]), sae, .featureOutOfRange),
                (Profile(name: "A", steering: [-1: 1]), sae, .featureOutOfRange),
                (Profile(name: "A", layer: 2, steering: [0: 1]), sae, .layerMismatch),
                (Profile(name: "A", steering: [0: 1]), nil, .saeNotAttached),
            ]
            for (profile, sae, code) in cases {
                let error = #expect(throws: SteeringError.self) {
                    try SteeringPlan(profile: profile, origin: nil, sae: sae)
                }
                #expect(error?.code == code)
            }
            #expect(try SteeringPlan(profile: Profile(name: "A"), origin: nil, sae: nil).isUnsteered)
        }
    }
}
