import FoundationEssentials
import Testing

/// Two files with one id, of which the user names one.
@Suite struct TwinTests {
    private func addTwins(to bench: Bench) throws {
        try bench.write("a.yaml", "version: 1\nname: First\nsteering: {1: 1}\n")
        try bench.write("a.yml", "version: 1\nname: Second\nsteering: {2: 2}\n")
    }

    private func text(_ name: String, in bench: Bench) -> String? {
        try? String(contentsOfFile: "\(bench.profiles)/\(name)", encoding: .utf8)
    }

    @Test(arguments: ["a.yml", "profiles/a.yml", "active"])
    func `the named one is shown and deleted, and never the other`(reference: String) async throws {
        try await withBench { bench in
            try addTwins(to: bench)
            if reference == "active" { try bench.link(to: "a.yml") }
            let word = reference.hasPrefix("profiles/") ? "\(bench.root)/\(reference)" : reference
            let shown = await bench.millm("show", word)
            #expect(shown.output.contains("--> \(bench.profiles)/a.yml\n"), "\(shown)")
            try? FileManager.default.removeItem(atPath: "\(bench.profiles)/active")
            guard reference != "active" else { return }
            #expect(await bench.millm("delete", word).output == "'a.yml' was deleted.\n")
            #expect(text("a.yml", in: bench) == nil)
            #expect(text("a.yaml", in: bench)?.contains("First") == true)
            #expect(await bench.millm("delete", word).exitCode == 1)
            #expect(text("a.yaml", in: bench) != nil)
        }
    }

    @Test func `neither takes the other's name`() async throws {
        try await withBench { bench in
            try addTwins(to: bench)
            let answer = await bench.millm("rename", "a.yml", "b", "--name", "First")
            #expect(answer.exitCode == 1)
            #expect(answer.errors.contains("The name 'First' belongs to the profile 'a' already."), "\(answer)")
        }
    }

    @Test func `the active one of two is not deleted, the other is, and the link stays`() async throws {
        try await withBench { bench in
            try addTwins(to: bench)
            try bench.link(to: "a.yaml")
            let refused = await bench.millm("delete", "a.yaml")
            #expect(refused.exitCode == 1)
            #expect(refused.errors.contains("is the active profile"))
            #expect(await bench.millm("delete", "a.yml").exitCode == 0)
            #expect(bench.linkTarget == "a.yaml")
            #expect(await bench.millm("validate", "-q").output.isEmpty)
        }
    }

    @Test(arguments: [nil, "a.yaml", "a.yml"])
    func `the named one is renamed, and the link moves along if it leads there`(active: String?) async throws {
        try await withBench { bench in
            try addTwins(to: bench)
            if let active { try bench.link(to: active) }
            let answer = await bench.millm("rename", "a.yml", "b", "--name", "Third")
            #expect(answer.exitCode == 0, "\(answer)")
            #expect(answer.output.hasPrefix("'a.yml' is 'b' now, and has the name 'Third' now"))
            #expect(text("b.yml", in: bench) == "version: 1\nname: Third\nsteering: {2: 2}\n")
            #expect(text("a.yaml", in: bench)?.contains("First") == true)
            #expect(text("a.yml", in: bench) == nil)
            #expect(bench.linkTarget == (active == "a.yml" ? "b.yml" : active))
        }
    }

    @Test(arguments: [
        "set a.yml 1=2", "unset a.yml 2", "copy a.yml b", "export a.yml", "activate a.yml", "activate a.yml --force",
        "rename a.yml --name X", "delete a", "rename a b", "set a 1=2", "activate a --force", "copy a b", "export a",
    ])
    func `what would be done to either is refused with both names`(command: String) async throws {
        try await withBench { bench in
            try addTwins(to: bench)
            let answer = await bench.run(command.split(separator: " ").map(String.init))
            let (first, second) = ("\(bench.profiles)/a.yaml", "\(bench.profiles)/a.yml")
            #expect(answer.exitCode == 1)
            #expect(answer.errors.contains("error: The id 'a' belongs to '\(first)' and '\(second)'. "), "\(answer)")
            #expect(bench.linkTarget == nil)
            #expect(text("a.yaml", in: bench)?.contains("First") == true)
            #expect(text("a.yml", in: bench)?.contains("Second") == true)
        }
    }

    @Test(arguments: [["migrate", "a.yml"], ["migrate", "a.yml", "--check"]])
    func `migrate leaves both alone and names the one that was asked for`(command: [String]) async throws {
        try await withBench { bench in
            try addTwins(to: bench)
            let answer = await bench.run(command + ["--to", "0"])
            #expect(answer.exitCode == 1)
            #expect(answer.errors.contains("error: \(bench.profiles)/a.yml: the id 'a' belongs to two files."))
            #expect(text("a.yml", in: bench)?.contains("version: 1") == true)
        }
    }

    @Test func `a file's name behind a slash means that file, whatever profile has it as its id`() async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "Short")
            try bench.addProfile("a.yaml", name: "Long")
            #expect(await bench.millm("show", "\(bench.profiles)/a.yaml").output.hasPrefix("Short (a)"))
            #expect(await bench.millm("show", "a.yaml").output.hasPrefix("Long (a.yaml)"))
        }
    }

    @Test func `an accent may be written in another way than in the file's name`() async throws {
        try await withBench { bench in
            try bench.addProfile("caf\u{e9}", name: "Café")
            #expect(await bench.millm("show", "cafe\u{301}.yaml").output.hasPrefix("Café ("))
            #expect(await bench.millm("delete", "cafe\u{301}.yaml").exitCode == 0)
        }
    }
}
