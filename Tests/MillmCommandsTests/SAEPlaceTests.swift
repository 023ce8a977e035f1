import FoundationEssentials
import Testing

@Suite struct SAEPlaceTests {
    @Test func `where there is no SAE, the ways to name one are told`() async throws {
        try await withBench { bench in
            let nowhere = "\(bench.root)/nowhere"
            let given = await bench.millm("features", "--sae", nowhere)
            #expect(given.exitCode == 2)
            #expect(given.errors.contains("'\(nowhere)/cfg.json' cannot be read"))
            #expect(given.errors.hasSuffix("sae_weights.safetensors in it, with --sae or MILLM_SAE.\n"))
            let variable = await bench.millm("features", environment: ["MILLM_SAE": nowhere])
            #expect(variable.errors == given.errors)
            let validated = await bench.millm("validate", "--sae", nowhere)
            #expect(validated.exitCode == 2)
            #expect(validated.errors.hasSuffix("sae_weights.safetensors in it, with --sae.\n"))
        }
    }
}
