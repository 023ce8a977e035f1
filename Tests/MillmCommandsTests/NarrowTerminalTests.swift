import FoundationEssentials
import MillmCommands
import Profiles
import Testing

/// No line of a table is broken by the terminal's edge.
@Suite struct NarrowTerminalTests {
    private static let sae = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../saes/smollm2-135m-instruct-l15").path

    @Test(arguments: [40, 60, 80], ["list", "history --all", "features --sae \(sae)"])
    func `tables fit the terminal`(columns: Int, command: String) async throws {
        try await withBench { bench in
            try bench.addProfile("a-rather-long-id-of-a-profile", name: "The Long Name of a Profile")
            try bench.write("bad.yaml", "version: 1\nlayer: x\nfoo: 1\n")
            _ = await bench.millm("set", "a-rather-long-id-of-a-profile", "1=3")
            let answer = await bench.run(command.split(separator: " ").map(String.init), columns: columns)
            #expect(answer.lines.count > 1)
            for line in answer.lines {
                let text = line.replacing(/\u{1B}\[[0-9]*m/, with: "")
                #expect(text.displayWidth <= columns, "\(text)")
            }
        }
    }

    @Test(arguments: [40, 60]) func `excerpts of findings fit the terminal`(columns: Int) async throws {
        try await withBench { bench in
            try bench.write(
                "bad.yaml",
                "{version: 1, name: Bad, layer: 3, model: abcdefghijklm, foo: 1, sae: abcdefg}\n"
            )
            for command in [["validate"], ["show", "bad"], ["activate", "bad"]] {
                let answer = await bench.run(command, columns: columns, environment: ["NO_COLOR": "1"])
                let excerpts = (answer.output + answer.errors).split(separator: "\n").filter { $0.contains(" | ") }
                #expect(excerpts.count > 1)
                #expect(excerpts.allSatisfy { String($0).displayWidth <= columns })
                let told = ["COLUMNS": "\(columns)", "NO_COLOR": "1"]
                let narrower = await bench.run(command, columns: 200, environment: told)
                #expect(narrower.output == answer.output)
                #expect(narrower.errors == answer.errors)
            }
            // Nothing is cut where there is no terminal.
            let piped = await bench.millm("validate", environment: ["COLUMNS": "40"])
            #expect(piped.output.contains("sae: abcdefg}"))
        }
    }

    @Test(arguments: [40, 60]) func `findings and messages are folded to the terminal`(columns: Int) async throws {
        try await withBench { bench in
            try bench.write("bad.yaml", "version: 1\nname: Bad\nlayer: 15,\nlaier: 3\nsteering:\n316: 4\n")
            try bench.addProfile("calm", name: "Calm")
            for command in [["validate"], ["activate", "bad"], ["set", "calm", "1=x"], ["set", "calm"]] {
                let answer = await bench.run(command, columns: columns, environment: ["NO_COLOR": "1"])
                let lines = (answer.output + answer.errors).split(separator: "\n").map(String.init)
                // The path of the temporary directory is longer than a line, and stays whole.
                #expect(lines.allSatisfy { $0.displayWidth <= columns || $0.contains("--> ") }, "\(lines)")
                #expect(lines.contains { $0.hasPrefix("  ") && $0.contains(/[a-z]/) })
                let piped = await bench.run(command)
                #expect((piped.output + piped.errors).filter { !$0.isWhitespace }.hasPrefix("error"))
                let sentences = (piped.output + piped.errors).split(separator: "\n").filter { $0.hasPrefix("error") }
                #expect(sentences.allSatisfy { lines.joined(separator: " ").folded.contains(String($0).folded) })
            }
        }
    }

    @Test func `a description is folded to the terminal, and not in a pipe`() async throws {
        try await withBench { bench in
            let description = "Night, shadows and stars; the mood of a gothic novel."
            try bench.write("calm.yaml", "version: 1\nname: Calm\ndescription: \(description)\nsteering: {}\n")
            let lines = await bench.millm("show", "calm", columns: 40, environment: ["NO_COLOR": "1"]).lines
            #expect(lines[1...2] == ["Night, shadows and stars; the mood of a", "  gothic novel."])
            #expect(await bench.millm("show", "calm").lines[1] == description)
        }
    }

    @Test func `what --watch shows is folded to the terminal`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try await FakeDaemon(bench: bench, manner: .rejects).whileServing {
                let console = CapturedConsole(columns: 40)
                let watching = Task {
                    await MillmTool.run(["status", "--watch"], in: bench.context(console, ["NO_COLOR": "1"]))
                }
                for await _ in console.writes where console.output.contains("inactive") { break }
                _ = await bench.millm("activate", "calm", "--wait")
                for await _ in console.writes where console.output.contains("degraded") { break }
                watching.cancel()
                #expect(await watching.value == 0)
                let lines = console.output.split(separator: "\n").map(String.init)
                #expect(lines.count > 2)
                #expect(lines.allSatisfy { $0.displayWidth <= 40 }, "\(lines)")
                #expect(console.output.folded.contains("profiles/calm.yaml:6:12: [P040] feature 1 does not exist"))
            }
        }
    }

    @Test(arguments: [1, 20, 26, 27, 30])
    func `help is given on the narrowest terminal`(columns: Int) async throws {
        try await withBench { bench in
            for command in [["--help"], ["set", "--help"], ["list", "--nope"]] {
                let answer = await bench.run(command, columns: columns)
                #expect(answer.exitCode == (command.contains("--nope") ? 2 : 0))
                #expect((answer.output + answer.errors).contains("millm"))
            }
        }
    }

    @Test func `a feature is found by its index`() async throws {
        struct Feature: Decodable { var index: Int }
        try await withBench { bench in
            let known = try await bench.millm("features", "--sae", Self.sae, "--format", "json").decoded(
                as: [Feature].self
            )
            let index = try #require(known.last?.index)
            let found = try await bench.millm("features", "\(index)", "--sae", Self.sae, "--format", "json")
                .decoded(as: [Feature].self)
            #expect(found.map(\.index) == [index])
            let beyond = await bench.millm("features", "999999", "--sae", Self.sae)
            #expect(beyond.exitCode == 1)
            #expect(beyond.errors.contains("which has the features 0 to 3071."))
        }
    }
}

extension String {
    /// The text with one space wherever there is white space.
    fileprivate var folded: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
