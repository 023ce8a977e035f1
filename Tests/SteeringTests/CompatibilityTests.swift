import Profiles
import Steering
import Testing
import YAML

@Suite struct `Compatibility of a profile` {
    private let model = ModelDescription(
        name: "SmolLM2-135M-Instruct",
        fileName: "SmolLM2-135M-Instruct.Q4_1.gguf",
        generalName: "Smol Test",
        embeddingSize: 576,
        layerCount: 30,
        contextLength: 8192
    )
    private let sae = SAEDescription(id: "smol-l15", neuronpediaID: "smol/15-res", layer: 15, dIn: 576, dSAE: 3072)

    private func range(_ line: Int) -> SourceRange {
        let start = SourcePosition(offset: 10 * line, line: line, column: 3)
        return SourceRange(start, SourcePosition(offset: 10 * line + 4, line: line, column: 7))
    }

    private func decoded(_ profile: Profile) -> DecodedProfile {
        let features = profile.steering.keys.sorted().enumerated().map { ($1, range(10 + $0)) }
        let ranges = DecodedProfile.Ranges(
            model: range(2),
            sae: range(3),
            layer: range(4),
            features: FeatureRanges(Dictionary(uniqueKeysWithValues: features))
        )
        return DecodedProfile(profile, ranges: ranges)
    }

    private func findings(_ profile: Profile, sae: SAEDescription?, model: ModelDescription? = nil) -> [String] {
        Compatibility.mismatches(of: decoded(profile), file: "a.yaml", model: model ?? self.model, sae: sae).map {
            "\($0.location): \($0.code.code)"
        }
    }

    @Test(arguments: [
        "SmolLM2-135M-Instruct", "smollm2-135m-instruct", "HuggingFaceTB/SmolLM2-135M-Instruct",
        "SmolLM2-135M-Instruct.Q4_1.gguf", "someone/smollm2-135m-instruct.q4_1.GGUF", "smol test", "me/Smol Test",
    ])
    func `the model goes by its names, with an owner or without`(name: String) {
        #expect(model.isCalled(name))
    }

    @Test(arguments: [
        "", "/", "SmolLM2-135M", "/SmolLM2-135M-Instruct", "a/b/SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct/",
    ])
    func `and by no others`(name: String) {
        #expect(!model.isCalled(name))
    }

    @Test func `a profile that fits has no findings`() {
        let steering = [0: 1.0, 3071: -1.0]
        #expect(findings(Profile(name: "A", steering: steering), sae: sae).isEmpty)
        let full = Profile(name: "A", model: "smol test", sae: "SMOL/15-res", layer: 15, steering: steering)
        #expect(findings(full, sae: sae).isEmpty)
        #expect(findings(Profile(name: "A", sae: "any", layer: 3), sae: nil).isEmpty)
    }

    @Test func `every mismatch is told at its place`() {
        let profile = Profile(name: "A", model: "gpt2", sae: "other", layer: 3, steering: [1: 1, 3072: 1, 9000: 0])
        #expect(
            findings(profile, sae: sae) == [
                "a.yaml:2:3: P101", "a.yaml:3:3: P102", "a.yaml:4:3: P103", "a.yaml:11:3: P104", "a.yaml:12:3: P104",
            ]
        )
        #expect(findings(profile, sae: nil) == ["a.yaml:2:3: P101", "a.yaml:3:3: P106"])
    }

    @Test func `an SAE of another width or deeper than the model fits no profile with features`() {
        let other = SAEDescription(id: "smol-l15", layer: 40, dIn: 768, dSAE: 3072)
        #expect(findings(Profile(name: "A", steering: [1: 1]), sae: other) == ["a.yaml:3:3: P105", "a.yaml:3:3: P103"])
        #expect(findings(Profile(name: "A"), sae: other).isEmpty)
    }

    @Test func `without a model the SAE alone decides`() {
        let profile = Profile(name: "A", model: "gpt2", steering: [3072: 1])
        let found = Compatibility.mismatches(of: decoded(profile), file: "a.yaml", model: nil, sae: sae)
        #expect(found.map(\.code) == [.featureOutOfRange])
    }

    @Test func `force overrides names, never an index or a size`() {
        let codes: [DiagnosticCode] = [
            .modelMismatch, .saeMismatch, .layerMismatch, .featureOutOfRange, .widthMismatch, .saeNotAttached,
        ]
        #expect(codes.filter(Compatibility.isOverridable) == [.modelMismatch, .saeMismatch])
    }

    @Test(arguments: [
        ("SmolLM2-135M-Instruct.Q4_1.gguf", "SmolLM2-135M-Instruct"),
        ("SmolLM2-135M-Instruct-Q4_K_M.gguf", "SmolLM2-135M-Instruct"),
        ("gemma-2-2b-it-IQ4_XS.gguf", "gemma-2-2b-it"),
        ("Llama-3.2-1B.BF16.gguf", "Llama-3.2-1B"),
        ("llama-3.2-1b-f16.GGUF", "llama-3.2-1b"),
        ("Qwen3-0.6B-UD-Q8_K_XL.gguf", "Qwen3-0.6B"),
        ("Qwen3-0.6B.i1-Q4_K_S.gguf", "Qwen3-0.6B"),
        ("gpt-oss-20b-MXFP4.gguf", "gpt-oss-20b"),
        ("Big-Q6_K-00001-of-00003.gguf", "Big"),
        ("qwen2-7b.gguf", "qwen2-7b"),
        ("model", "model"),
        ("Q4_1.gguf", "Q4_1"),
        (".gguf", ".gguf"),
    ])
    func `a file's name without extension and quantisation names the model`(file: String, name: String) {
        #expect(ModelDescription.name(fromFileName: file) == name)
    }
}
