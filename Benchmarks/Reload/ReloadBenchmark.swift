import ArgumentParser
import Foundation
import LlamaCore
import Steering

/// Measures the time from the return of the rename that saves the active profile to the swap of the core's plan.
@main
struct ReloadBenchmark: AsyncParsableCommand {
    @Option(help: "How many changes each case measures; 0 measures the scans alone.")
    var changes = 10_000

    @Option(parsing: .upToNextOption, help: "How many profiles the directory holds.")
    var sizes = [10, 10_000, 100_000]

    @Option(help: "The model.")
    var model = NSHomeDirectory() + "/.local/share/millm/models/SmolLM2-135M-Instruct.Q4_1.gguf"

    @Option(help: "The SAE.")
    var sae = "saes/smollm2-135m-instruct-l15"

    @Option(help: "A Python that has watchfiles, PyYAML and numpy; without it only the product is measured.")
    var python: String?

    @Option(help: "How many changes each of the rival's cases measures.")
    var rivalChanges = 1000

    @Option(help: "Where the directories are made.")
    var folder = NSTemporaryDirectory()

    func run() async throws {
        let core = TimedCore(try LlamaCore(LlamaCore.Configuration(modelPath: model)))
        let encoder = try SparseAutoencoder(directory: sae, id: nil)
        for size in sizes {
            let root = folder + "/millm reload \(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: root) }
            let bench = try Bench(root: root, count: size)
            let scan = try await bench.scan()
            tell(
                "\(size) profiles: scan at start \(scan.time), \(scan.processorTime) of the processors, "
                    + "\(scan.bytesPerProfile) bytes of memory each"
            )
            guard changes > 0 else { continue }
            let alone = try await bench.measure(core, sae: encoder, changes: changes)
            tell("  millm, alone:        \(alone)")
            let (loaded, speed) = try await Load(core: core).with {
                try await bench.measure(core, sae: encoder, changes: changes)
            }
            tell("  millm, 8 sequences:  \(loaded), \(Int(speed)) tokens/s meanwhile")
            guard let python else { continue }
            try await race(python, bench, core, alone: alone, loaded: loaded)
        }
        await core.shutdown()
    }

    /// Measures the rival in the same directory, with its defaults and with the shortest times that it takes.
    private func race(
        _ python: String,
        _ bench: Bench,
        _ core: TimedCore,
        alone: Times,
        loaded: Times
    ) async throws {
        for (name, step, count) in [("step 1 ms", 1, rivalChanges), ("its defaults", nil, rivalChanges / 10)] {
            let rival = try Rival(python: python, profiles: bench.profiles, sae: sae, step: step)
            defer { rival.stop() }
            let free = try await rival.measure(bench, changes: count)
            tell("  watchfiles + PyYAML, \(name), alone:        \(free), \(ratio(free, alone))")
            let (busy, speed) = try await Load(core: core).with { try await rival.measure(bench, changes: count) }
            tell(
                "  watchfiles + PyYAML, \(name), 8 sequences:  \(busy), \(ratio(busy, loaded)), \(Int(speed)) tokens/s meanwhile"
            )
        }
    }

    private func ratio(_ rival: Times, _ own: Times) -> String {
        let ratios = [0.5, 0.99].map {
            (rival.distribution.quantile($0) / own.distribution.quantile($0)).formatted(
                .number.precision(.fractionLength(1))
            )
        }
        return "\(ratios[0]) × p50, \(ratios[1]) × p99 of millm"
    }

    /// Prints a line at once, into a file, too.
    private func tell(_ line: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    }
}
