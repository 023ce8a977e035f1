import Foundation
import Testing

@testable import MillmCommands

/// The exit codes of SPEC §6 for each command: 0 fine, 1 findings or refused, 2 wrong usage or I/O.
@Suite struct ExitCodeTests {
    /// A valid profile `calm`, which is active, another one, `loud`, one with errors, `bad`, and one of version 0.
    private func fill(_ bench: Bench) throws {
        try bench.addProfile("calm", name: "Calm")
        try bench.addProfile("loud", name: "Loud", features: "{1: 9}")
        try bench.write("bad.yaml", "version: 1\nname: Bad\nlayer: x\nsteering: {}\n")
        try bench.write("old.yaml", "name: Old\nsteering: {}\n")
        try bench.link(to: "calm.yaml")
        try FileManager.default.createDirectory(atPath: "\(bench.root)/empty", withIntermediateDirectories: true)
        try Data("version: 1\nname: Imported\nsteering: {}\n".utf8).write(to: URL(filePath: "\(bench.root)/in.yaml"))
    }

    private static let fine: [String] = [
        "list", "list -q", "show calm", "show active", "active", "activate loud", "activate bad --force", "deactivate",
        "validate ROOT/in.yaml", "new x", "set loud 3=4", "set loud --name L --description D", "unset calm 1",
        "rename loud quiet", "rename calm quiet",
        "rename loud --name Quiet", "copy calm", "copy calm x", "copy calm --name X", "delete loud",
        "import ROOT/in.yaml",
        "export calm", "export calm --to yaml -o ROOT/out", "export calm -o -", "diff calm calm", "history",
        "migrate old", "migrate calm", "repair", "schema", "--version", "help list", "list --help", "diff calm",
    ]

    private static let refused: [String] = [
        "show nobody", "show bad", "activate nobody", "activate bad", "validate", "validate PROFILES/bad.yaml",
        "new calm",
        "new x --name Calm", "set nobody 1=2", "set bad 1=2", "set calm --name Loud", "unset calm 7", "rename nobody x",
        "rename calm loud", "rename calm --name Loud", "rename bad --name X", "copy nobody", "copy calm loud",
        "copy calm --name Loud", "copy bad", "delete calm", "delete nobody", "export nobody", "export bad",
        "export calm -o ROOT/in.yaml", "import PROFILES/bad.yaml", "import PROFILES/calm.yaml", "diff calm loud",
        "diff calm bad", "diff nobody", "rollback", "rollback --entry 9", "history --print 9", "history nobody",
        "migrate --check",
        "migrate bad", "migrate nobody", "status",
    ]

    private static let wrong: [String] = [
        "nothing", "list x", "list --format xml", "list --format sarif", "show", "show calm --nope", "activate",
        "activate calm --wait", "activate calm --wait=x", "deactivate --wait", "set calm", "set calm 1",
        "set calm 1=10001", "set calm --name=\u{1}", "validate ROOT/empty", "show -dash", "delete -dash",
        "set calm 1=x",
        "set calm 1=1 1=2", "set calm 1=2 --wait", "unset calm", "unset calm x", "new", "new x -t nothing",
        "new active",
        "rename calm", "rename calm active", "copy", "copy calm a/b", "import", "import ROOT/nothing", "import - -",
        "validate - -", "history --limit=-1",
        "import a b --name x", "export calm --to x", "export calm -o ROOT/no/where", "diff", "rollback -- -1",
        "rollback 1 --entry 1",
        "rollback x", "history --limit x", "migrate --to 9", "repair --take 9", "features --sae ROOT/nothing",
        "validate ROOT/nothing", "validate --sae ROOT/nothing", "list --profiles ROOT/nothing",
        "validate --profiles ROOT/nothing", "active --profiles ROOT/in.yaml", "schema x",
    ]

    private func run(_ line: String, _ bench: Bench, _ extra: [String] = []) async -> Bench.Answer {
        let arguments = line.split(separator: " ").map {
            $0.replacing("ROOT", with: bench.root).replacing("PROFILES", with: bench.profiles)
        }
        let console = CapturedConsole()
        let code = await MillmTool.run(arguments.map(String.init) + extra, in: bench.context(console))
        return Bench.Answer(exitCode: code, output: console.output, errors: console.errors)
    }

    private func expect(_ code: Int32, for line: String) async throws {
        try await withBench { bench in
            try fill(bench)
            let answer = await run(line, bench)
            #expect(answer.exitCode == code, "\(answer.output)\(answer.errors)")
            if code == 2 { #expect(answer.errors.hasPrefix("error: ")) }
        }
    }

    @Test(arguments: fine) func `fine is 0`(line: String) async throws {
        try await expect(0, for: line)
    }

    @Test(arguments: refused) func `findings, differences and refusals are 1`(line: String) async throws {
        try await expect(1, for: line)
    }

    @Test(arguments: wrong) func `wrong usage and I/O are 2, and say why on standard error`(line: String) async throws {
        try await expect(2, for: line)
    }

    @Test func `every command is in the tables`() {
        // These need an SAE or a daemon to be fine.
        let others: Set<String> = ["features", "status", "rollback"]
        func named(_ lines: [String]) -> Set<String> {
            Set(lines.compactMap { $0.split(separator: " ").first.map(String.init) })
        }
        let names = Set(CommandNames.shown)
        #expect(named(Self.fine).union(others).isSuperset(of: names))
        #expect(named(Self.refused + Self.wrong).isSuperset(of: names))
    }

    /// What ends with 1 for what it found, which is a result.
    private static let findings: Set<String> = ["validate", "diff calm loud", "migrate --check", "status"]

    @Test(arguments: refused.filter { !findings.contains($0) } + wrong)
    func `with --format json a refusal is an object on standard error`(line: String) async throws {
        struct Failure: Decodable { var code: String, message: String }
        guard !line.contains("--format"), !line.contains(" -- "), !line.hasPrefix("show bad"), line != "migrate bad",
            !line.hasPrefix("validate PROFILES")
        else { return }
        try await withBench { bench in
            try fill(bench)
            let answer = await run(line, bench, ["--format", "json"])
            let failure = try JSONDecoder().decode(Failure.self, from: Data(answer.errors.utf8))
            #expect(!failure.code.isEmpty)
            #expect(!failure.message.isEmpty)
            #expect(answer.output.isEmpty)
        }
    }
}
