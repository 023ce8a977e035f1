import FoundationEssentials
import Testing

@Suite struct EditingTests {
    @Test(arguments: [
        ("set calm 1=3", "calm.yaml"), ("unset calm 1", "calm.yaml"), ("rename calm --name Quiet", "calm.yaml"),
        ("rename calm quiet --name Quiet", "quiet.yaml"), ("migrate calm --to 0", "calm.yaml"),
    ])
    func `a write that parts a file from a further name of it says so`(command: String, file: String) async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try FileManager.default.linkItem(atPath: "\(bench.profiles)/calm.yaml", toPath: "\(bench.root)/other")
            let words = command.split(separator: " ").map(String.init)
            let first = await bench.run(words)
            #expect(first.exitCode == 0)
            #expect(first.errors.hasPrefix("warning: '\(bench.profiles)/calm.yaml' was a hard link; "))
            #expect(try String(contentsOfFile: "\(bench.root)/other", encoding: .utf8).contains("{1: 2.5}"))
            #expect(await bench.run(words).errors.contains("warning") == false)
            #expect(FileManager.default.fileExists(atPath: "\(bench.profiles)/\(file)"))
        }
    }

    @Test func `an edit that gives the file another name says so, too, and a mere rename parts nothing`() async throws {
        try await withBench { bench in
            let text = #"{"version":"1.0","name":"Calm","model_id":null,"sae_id":null,"layer":null,"steering":{"1":2}}"#
            try bench.write("calm.json", text)
            try FileManager.default.linkItem(atPath: "\(bench.profiles)/calm.json", toPath: "\(bench.root)/other")
            for (old, new) in [("calm", "quiet"), ("quiet", "calm")] {
                let renamed = await bench.millm("rename", old, new)
                #expect(renamed.exitCode == 0 && renamed.errors.isEmpty, "\(renamed)")
                // The next one moves the link along.
                try bench.link(to: "\(new).json")
            }
            let edited = await bench.millm("set", "calm", "1=3")
            #expect(edited.exitCode == 0)
            #expect(edited.errors.hasPrefix("warning: '\(bench.profiles)/calm.json' was a hard link; "), "\(edited)")
            #expect(FileManager.default.fileExists(atPath: "\(bench.profiles)/calm.yaml"))
        }
    }

    private func text(_ name: String, in bench: Bench) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(bench.profiles)/\(name)")), as: UTF8.self)
    }

    @Test func `of many that set features at once none loses what it set`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm", features: "{1: 1}")
            await withTaskGroup(of: Int32.self) { group in
                for index in 10..<22 {
                    group.addTask { await bench.millm("set", "calm", "\(index)=\(index)").exitCode }
                }
                for await code in group { #expect(code == 0) }
            }
            struct Profile: Decodable { var steering: [String: Double] }
            let shown = try await bench.millm("show", "calm", "--format", "json").decoded(as: Profile.self)
            #expect(shown.steering.count == 13)
            #expect((10..<22).allSatisfy { shown.steering[String($0)] == Double($0) })
        }
    }

    @Test func `set changes a strength and leaves the comments`() async throws {
        try await withBench { bench in
            try bench.write("a.yaml", "version: 1\nname: A\nsteering:\n  7: 1.5  # gently\n")
            #expect(await bench.millm("set", "a", "7=-2.5").exitCode == 0)
            let edited = try text("a.yaml", in: bench)
            #expect(edited == "version: 1\nname: A\nsteering:\n  7: -2.5  # gently\n")
        }
    }

    @Test func `set gives a new name and description, or takes the description out`() async throws {
        try await withBench { bench in
            try bench.write("a.yaml", "version: 1\nname: A  # short\ndescription: Old.\nsteering:\n  7: 1.5\n")
            #expect(await bench.millm("set", "a", "7=2", "--name", "Bee", "--description", "New.").exitCode == 0)
            let renamed = try text("a.yaml", in: bench)
            #expect(renamed == "version: 1\nname: Bee  # short\ndescription: New.\nsteering:\n  7: 2.0\n")
            #expect(await bench.millm("set", "a", "--description", "").exitCode == 0)
            let bare = try text("a.yaml", in: bench)
            #expect(bare == "version: 1\nname: Bee  # short\nsteering:\n  7: 2.0\n")
            let nothing = await bench.millm("set", "a")
            #expect(nothing.exitCode == 2)
            #expect(nothing.errors.contains("316=45"))
        }
    }

    @Test(arguments: [
        ("6=1,5", "error: '1,5' is no strength for feature 6. Write the decimal point as '.'.\n"),
        (
            "6=1,000",
            "error: '1,000' is no strength for feature 6. Write 1000, or 1.000 if the ',' is a decimal point.\n"
        ), ("6=1 000", "error: '1 000' is no strength for feature 6. Write 1000.\n"),
        ("6=4 x", "error: '4 x' is no strength for feature 6. Give a number, as in 6=45 or 6=-12.5.\n"),
        ("6=x", "error: 'x' is no strength for feature 6. Give a number, as in 6=45 or 6=-12.5.\n"),
        ("6=0x10", "error: '0x10' is no strength for feature 6. Write 16.0.\n"),
        ("6=5%", "error: '5%' is no strength for feature 6. Write 5; a strength is no percentage.\n"),
        ("1,000=5", "error: '1,000' is no feature index. Write 1000.\n"),
        ("5 pirate=5", "error: '5 pirate' is no feature index. Write a whole number from 0, as in 316.\n"),
        ("6=1e999", "error: '1e999' is far too great a strength for feature 6.\n"),
        ("6:1", "error: '6:1' is no feature with a strength. Write INDEX=STRENGTH, as in 316=45.\n"),
        ("06=1", "error: '06' is no feature index. Write 6.\n"),
    ])
    func `what is wrong with an assignment is told, and nothing else`(word: String, message: String) async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "A")
            for command in [["set", "a", word], ["new", "b", "--set", word]] {
                #expect(await bench.run(command).errors == message)
                #expect(await bench.run(command).exitCode == 2)
            }
            #expect(await bench.millm("set", "a", "-5=3").errors.contains("'-5=3' begins with no feature index"))
            #expect(await bench.millm("set", "a", "6=-1e-3", "7=+4", "8=.5").exitCode == 0)
        }
    }

    @Test(arguments: ["7", "7=", "=1", "7=nan", "7=0x1p", "-7=1", "07=1", "7=1=2"])
    func `an assignment that is none is wrong usage and changes nothing`(assignment: String) async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "A")
            let before = try text("a.yaml", in: bench)
            #expect(await bench.millm("set", "a", assignment).exitCode == 2)
            let after = try text("a.yaml", in: bench)
            #expect(after == before)
        }
    }

    @Test func `a feature that the running daemon's SAE does not have is saved with a warning`() async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "A")
            try bench.write("b.yaml", "version: 1\nname: B\nsae: other\nsteering: {}\n")
            #expect(await bench.millm("set", "a", "16=1").errors.isEmpty)
            try await FakeDaemon(bench: bench).whileServing {
                let warning = "warning: The SAE 'echo-l2' of the running daemon has no "
                let one = await bench.millm("set", "a", "15=1", "16=1")
                #expect(one.errors == warning + "feature 16; its 16 features are 0 to 15.\n")
                #expect(one.exitCode == 0 && one.output == "'a' names 3 features now.\n")
                let two = await bench.millm("new", "c", "--set", "99=1", "--set", "17=1")
                #expect(two.exitCode == 0)
                #expect(two.errors == warning + "features 17, 99; its 16 features are 0 to 15.\n")
                #expect(await bench.millm("set", "b", "99=1").errors.isEmpty)
            }
        }
    }

    @Test func `a strength out of bounds is refused`() async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "A")
            let answer = await bench.millm("set", "a", "7=10001")
            #expect(answer.exitCode == 2)
            #expect(answer.errors.contains("feature 7"))
        }
    }

    @Test func `unset takes features out, and nothing if one of them is not there`() async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "A", features: "{1: 2.5, 3: 1.0}")
            let before = try text("a.yaml", in: bench)
            #expect(await bench.millm("unset", "a", "3", "4").exitCode == 1)
            let kept = try text("a.yaml", in: bench)
            #expect(kept == before)
            let answer = await bench.millm("unset", "a", "3")
            #expect(answer.output == "'a' names 1 feature now.\n")
        }
    }

    @Test func `delete removes the file, but never the active one's`() async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "A")
            _ = await bench.millm("activate", "a")
            let refused = await bench.millm("delete", "a")
            #expect(refused.exitCode == 1)
            #expect(refused.errors.contains("active"))
            _ = await bench.millm("deactivate")
            #expect(await bench.millm("delete", "a").exitCode == 0)
            #expect(await bench.millm("list", "-q").output.isEmpty)
        }
    }

    @Test func `what is exported can be imported elsewhere`() async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "Calm", features: "{1: 2.5}")
            let path = "\(bench.root)/calm.json"
            let exported = await bench.millm("export", "a", "-o", path)
            #expect(exported.output == "'a' was exported to '\(path)', which miLLM and 'millm import' read.\n")
            #expect(await bench.millm("export", "a", "-o", path).exitCode == 1)
            let taken = await bench.millm("import", path)
            #expect(taken.exitCode == 1)
            let renamed = await bench.millm("import", path, "--name", "Calmer")
            #expect(renamed.exitCode == 0)
            #expect(await bench.millm("diff", "a", "calmer").exitCode == 0)
            _ = await bench.millm("set", "a", "1=9")
            #expect(await bench.millm("import", path, "--replace").exitCode == 0)
            #expect(await bench.millm("diff", "a", "calmer").output == "'a' and 'calmer' steer the same.\n")
        }
    }

    @Test(arguments: ["millm", "flat", "yaml"])
    func `every form of an export is imported as the same profile`(form: String) async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "Calm", features: "{1: 2.5, 7: -1}")
            let text = await bench.millm("export", "a", "--to", form).output
            #expect(text.contains("\"model_id\"") == (form == "flat"))
            #expect(await bench.millm("import", "-", "--name", "Calmer", input: text).exitCode == 0)
            #expect(await bench.millm("diff", "a", "calmer").exitCode == 0)
        }
    }

    @Test func `diff shows what was added, removed and changed, and exits with 1`() async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "A", features: "{1: 1, 2: 2, 3: 3}")
            try bench.addProfile("b", name: "B", features: "{2: 2, 3: 4, 5: 6}")
            let answer = await bench.millm("diff", "a", "b")
            #expect(answer.exitCode == 1)
            #expect(answer.output == "--- a\n+++ b\n- 1: 1.0\n~ 3: 3.0 → 4.0\n+ 5: 6.0\n")
        }
    }
}
