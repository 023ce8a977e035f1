import Foundation
import Testing

@testable import MillmCommands

/// The examples of the help texts, and so of the manual, as a person types them.
@Suite struct ExampleTests {
    private static let executable = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    private static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The lines under EXAMPLES in a help text, without the remarks that stand behind two spaces.
    private func examples(in help: String) -> [String] {
        let lines = HelpText(help).sections.first { $0.title == "EXAMPLES" }?.lines ?? []
        return lines.map { line in String(line[..<(line.firstRange(of: "  ")?.lowerBound ?? line.endIndex)]) }
    }

    /// What the examples take for granted.
    private static let preparation = """
        set -e
        git init -q; git config user.name x; git config user.email x@y
        ln -s "$0/saes" saes; mkdir Downloads
        millm new pirate --set 316=45 --set 88=-12.5; millm new calm --set 1=2; millm new loud
        git add profiles; git commit -qm 1; millm set pirate 316=40; git commit -qam 2
        millm export pirate > Downloads/pirate.json; sed -i s/Pirate/Corsair/ Downloads/pirate.json
        millm activate calm
        curl() { millm export calm; }
        """

    /// Neither wrong usage nor a file that is not there; a daemon follows what is waited for.
    @Test(arguments: [["--help"]] + CommandNames.shown.map { [$0, "--help"] })
    func `the examples of a help text run`(command: [String]) async throws {
        var examples: [String] = []
        try await withBench { examples = self.examples(in: await $0.run(command).output) }
        #expect(!examples.isEmpty)
        for example in examples {
            try await withBench { bench in
                try await FakeDaemon(bench: bench).whileServing {
                    let script = "\(Self.preparation)\nset +e\n\(Self.script(for: example))"
                    let (status, output) = try await run(script, in: bench)
                    #expect(status == 0 || status == 1, "\(example)\n\(output)")
                    // That, too, has the exit code 1.
                    #expect(!output.contains("There is no"), "\(example)\n\(output)")
                }
            }
        }
    }

    /// The example, with what it needs beside the profiles.
    private static func script(for example: String) -> String {
        let example = example.replacing("/tmp/", with: "\"$HOME\"/")
            .replacing("saes/my-sae", with: "saes/smollm2-135m-instruct-l15")
        if example.contains("--take") {
            // Something that two ways lead out of.
            let number = "$(millm repair --format json | grep -m 1 -o '\"number\": *[0-9]*' | grep -o '[0-9]*$')"
            return "cp profiles/loud.yaml profiles/loud.yml; \(example.replacing("417", with: number))"
        }
        // It never ends by itself.
        if example.contains("--watch") { return "timeout 1 \(example); [ $? = 124 ]" }
        return example.contains("new pirate") ? "rm profiles/pirate.yaml; \(example)" : example
    }

    private func run(_ script: String, in bench: Bench) async throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", script, Self.repository.path]
        process.currentDirectoryURL = URL(filePath: bench.root)
        process.environment = [
            "PATH": "\(Self.executable.path):/usr/bin:/bin", "HOME": bench.root,
            "XDG_STATE_HOME": "\(bench.root)/state",
        ]
        let path = "\(bench.root)/output"
        try Data().write(to: URL(filePath: path))
        let output = try #require(FileHandle(forWritingAtPath: path))
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        // The pretended daemon needs the threads of the tests.
        let ended = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { ended.continuation.yield($0.terminationStatus) }
        try process.run()
        var statuses = ended.stream.makeAsyncIterator()
        let status = await statuses.next() ?? -1
        return (status, try String(contentsOf: URL(filePath: path), encoding: .utf8))
    }
}
