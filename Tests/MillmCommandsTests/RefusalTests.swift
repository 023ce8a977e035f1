import FoundationEssentials
import Testing

@Suite struct RefusalTests {
    @Test(arguments: [
        (["new", "calm"], "--name"), (["new", "x", "--name", "Calm"], "--name"), (["copy", "loud", "calm"], "--name"),
        (["copy", "loud", "--name", "Calm"], "--name"), (["rename", "loud", "calm"], "Give another id"),
        (["rename", "loud", "--name", "Calm"], "--name"), (["import", "ROOT/calm.yaml"], "--name"),
        (["import", "ROOT/calm.yaml"], "--replace"), (["import", "ROOT/loud.yaml", "--name", "Calm"], "--replace"),
    ])
    func `where an id or a name is taken, the way out is told`(arguments: [String], advice: String) async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try bench.addProfile("loud", name: "Loud")
            for name in ["Calm", "Loud"] {
                let path = "\(bench.root)/\(name.lowercased()).yaml"
                try Data("version: 1\nname: \(name)\nsteering: {}\n".utf8).write(to: URL(filePath: path))
            }
            let answer = await bench.run(arguments.map { $0.replacing("ROOT", with: bench.root) })
            #expect(answer.exitCode == 1)
            #expect(answer.errors.contains(advice), "\(answer.errors)")
            let json = await bench.run(arguments.map { $0.replacing("ROOT", with: bench.root) } + ["--format", "json"])
            #expect(json.errors.contains(advice))
        }
    }

    @Test func `an import of YAML of any format keeps its comments and becomes version 1`() async throws {
        let texts: [(String, String)] = [
            (
                "# top\nname: Calm  # very\nmodel_id: m  # which\nsteering:\n  5: 1.5  # five\nid: 7\n",
                "# top\nversion: 1\nname: Calm  # very\nmodel: m  # which\nsteering:\n  5: 1.5  # five\n"
            ),
            (
                "version: \"1.0\"\nname: Calm\nsae_id: s # which\nsteering: {5: 1} # all\n",
                "version: 1\nname: Calm\nsae: s # which\nsteering: {5: 1} # all\n"
            ),
            (
                "{ # top\n  name: Calm, # very\n  steering: {5: 1},\n}\n",
                "{ # top\n  version: 1,\n  name: Calm, # very\n  steering: {5: 1},\n}\n"
            ),
        ]
        for (old, new) in texts {
            try await withBench { bench in
                #expect(await bench.millm("import", "-", input: old).exitCode == 0)
                let kept = try String(
                    decoding: Data(contentsOf: URL(filePath: "\(bench.profiles)/calm.yaml")),
                    as: UTF8.self
                )
                #expect(kept == new)
                #expect(await bench.millm("import", "-", "--name", "Other", input: old).exitCode == 0)
                let other = try String(
                    decoding: Data(contentsOf: URL(filePath: "\(bench.profiles)/other.yaml")),
                    as: UTF8.self
                )
                #expect(other == new.replacing("Calm", with: "Other"))
            }
        }
    }
}
