import FoundationEssentials
import Glibc
import Testing

@Suite struct TransferTests {
    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    private func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    private let flat = #"{"version":"1.0","name":"Calm","model_id":null,"steering":{"5":1.5}}"#

    @Test func `a profile file is imported with its comments`() async throws {
        try await withBench { bench in
            let path = "\(bench.root)/x.yaml"
            try write("# mine\nversion: 1\nname: Calm  # very\nsteering: {5: 1.5}\n", to: path)
            #expect(await bench.millm("import", path).exitCode == 0)
            let kept = try text("\(bench.profiles)/calm.yaml")
            #expect(kept == "# mine\nversion: 1\nname: Calm  # very\nsteering: {5: 1.5}\n")
            #expect(await bench.millm("import", path, "--name", "Calmer").exitCode == 0)
            let renamed = try text("\(bench.profiles)/calmer.yaml")
            #expect(renamed == "# mine\nversion: 1\nname: Calmer  # very\nsteering: {5: 1.5}\n")
        }
    }

    @Test(arguments: [
        "{", "version: 1\nname: Taken\nsteering: {}\n", "version: 1\nname: Calm\nsteering: {}\n",
    ])
    func `of several files all are imported or none`(second: String) async throws {
        try await withBench { bench in
            try bench.addProfile("taken", name: "Taken")
            try write(flat, to: "\(bench.root)/1.json")
            try write(second, to: "\(bench.root)/2.yaml")
            let answer = await bench.millm("import", "\(bench.root)/1.json", "\(bench.root)/2.yaml")
            #expect(answer.exitCode == 1)
            #expect(answer.output.isEmpty)
            let left = try names(in: bench.profiles)
            #expect(left == ["taken.yaml"])
        }
    }

    @Test func `the findings of all files are shown at once`() async throws {
        try await withBench { bench in
            try write("version: 1\nname: A\nlayer: x\nsteering: {}\n", to: "\(bench.root)/1.yaml")
            try write("version: 1\nname: B\nsteering: {5: y}\n", to: "\(bench.root)/2.yaml")
            let answer = await bench.millm("import", "\(bench.root)/1.yaml", "\(bench.root)/2.yaml")
            #expect(answer.errors.contains("P027"))
            #expect(answer.errors.contains("P029"))
            #expect(answer.errors.contains("Nothing was imported."))
        }
    }

    @Test func `--replace gives the new values to the profile that has the name, in its own file`() async throws {
        try await withBench { bench in
            try bench.write("mine.yaml", "version: 1\nname: Calm\nlayer: 2\n# why\nsteering:\n  5: 9  # five\n")
            try write(flat, to: "\(bench.root)/1.json")
            try write(#"{"version":"1.0","name":"New","steering":{}}"#, to: "\(bench.root)/2.json")
            let answer = await bench.millm("import", "\(bench.root)/1.json", "\(bench.root)/2.json", "--replace")
            #expect(answer.exitCode == 0)
            #expect(answer.lines.count == 2)
            let replaced = try text("\(bench.profiles)/mine.yaml")
            #expect(replaced == "version: 1\nname: Calm\n# why\nsteering:\n  5: 1.5  # five\n")
            let left = try names(in: bench.profiles)
            #expect(left == ["mine.yaml", "new.yaml"])
        }
    }

    @Test func `an active export in JSON that is replaced becomes YAML, and the link follows`() async throws {
        try await withBench { bench in
            try bench.write("calm.json", flat)
            try bench.link(to: "calm.json")
            try write(#"{"version":"1.0","name":"Calm","steering":{"6":2}}"#, to: "\(bench.root)/1.json")
            #expect(await bench.millm("import", "\(bench.root)/1.json", "--replace").exitCode == 0)
            #expect(bench.linkTarget == "calm.yaml")
            let left = try names(in: bench.profiles)
            #expect(left == ["active", "calm.yaml"])
        }
    }

    @Test func `import answers in JSON with an array of profiles`() async throws {
        struct Profile: Decodable { var id: String, valid: Bool }
        try await withBench { bench in
            let answer = await bench.millm("import", "-", "--format", "json", input: flat)
            #expect(answer.exitCode == 0)
            let profiles = try answer.decoded(as: [Profile].self)
            #expect(profiles.map(\.id) == ["calm"])
            #expect(await bench.millm("import", "-", "-").exitCode == 2)
            #expect(await bench.millm("import", "a", "b", "--name", "C").exitCode == 2)
            #expect(await bench.millm("import", "\(bench.root)/nothing.json").exitCode == 2)
        }
    }

    @Test func `export writes over nothing that is there, unless it is told to`() async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "Calm")
            let path = "\(bench.root)/out.yaml"
            try write("mine", to: path)
            #expect(await bench.millm("export", "a", "--to", "yaml", "-o", path).exitCode == 1)
            let kept = try text(path)
            #expect(kept == "mine")
            #expect(await bench.millm("export", "a", "--to", "yaml", "-o", path, "--force").exitCode == 0)
            let replaced = try text(path)
            #expect(replaced.hasPrefix("version: 1\nname: Calm\n"))
            let left = try names(in: bench.root)
            #expect(left == ["out.yaml", "profiles"])
        }
    }

    @Test func `export never writes into a pipe, and does not wait for its reader`() async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "Calm")
            let path = "\(bench.root)/pipe"
            #expect(unsafe mkfifo(path, 0o600) == 0)
            #expect(await bench.millm("export", "a", "-o", path).exitCode == 1)
            #expect(await bench.millm("export", "a", "-o", path, "-f").exitCode == 2)
            #expect(await bench.millm("export", "a", "-o", "\(bench.root)/no/where").exitCode == 2)
            let standardOutput = await bench.millm("export", "a", "-o", "-")
            #expect(standardOutput.output.contains("\"type\": \"millm_profile\""))
            let left = try names(in: bench.root)
            #expect(left == ["pipe", "profiles"])
        }
    }
}
