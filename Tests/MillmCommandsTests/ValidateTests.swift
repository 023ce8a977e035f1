import FoundationEssentials
import Glibc
import Testing

@Suite struct ValidateTests {
    private struct Finding: Decodable {
        var code: String
        var severity: String
        var file: String
        var line: Int?
        var column: Int?
        var related: [Related]

        struct Related: Decodable { var file: String }
    }

    private let repeated = "version: 1\nname: Bad\nlayer: 1\nlayer: 2\nsteering: {}\n"

    @Test func `a directory without findings is fine`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try bench.link(to: "calm.yaml")
            let answer = await bench.millm("validate")
            #expect(answer.exitCode == 0)
            #expect(answer.output == "1 file, no findings\n")
            #expect(await bench.millm("validate", "--quiet").output.isEmpty)
        }
    }

    @Test func `findings look like a compiler's, with a summary behind them`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try bench.write("bad.yaml", repeated)
            let answer = await bench.millm("validate")
            #expect(answer.exitCode == 1)
            #expect(answer.output.contains("error[P012]"))
            #expect(answer.output.contains("  --> \(bench.profiles)/bad.yaml:4:1"))
            #expect(answer.output.contains("4 | layer: 2"))
            #expect(answer.lines.last == "2 files, 1 error")
        }
    }

    @Test func `findings that are left out are counted as more`() async throws {
        try await withBench { bench in
            let keys = (0..<500).map { "key\($0): 1\n" }.joined()
            try bench.write("bad.yaml", "version: 1\nname: Bad\nsteering: {}\n" + keys)
            #expect(await bench.millm("validate").lines.last == "1 file, at least 99 errors")
            #expect(await bench.millm("list").lines.last?.hasSuffix("at least 99 errors") == true)
        }
    }

    @Test func `the link is checked with the whole directory`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try bench.link(to: "gone.yaml")
            let answer = await bench.millm("validate", "--format", "json")
            #expect(answer.exitCode == 1)
            let findings = try answer.decoded(as: [Finding].self)
            #expect(findings.count == 1)
            #expect(findings.first?.file == "\(bench.profiles)/active")
        }
    }

    @Test func `files are checked by path, others are left alone`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try bench.write("bad.yaml", repeated)
            #expect(await bench.millm("validate", "\(bench.profiles)/calm.yaml").exitCode == 0)
            let answer = await bench.millm("validate", "\(bench.profiles)/bad.yaml", "--format", "json")
            #expect(answer.exitCode == 1)
            let finding = try #require(answer.decoded(as: [Finding].self).first)
            #expect(finding.code == "P012")
            #expect(finding.file == "\(bench.profiles)/bad.yaml")
            #expect(finding.line == 4)
            #expect(finding.column == 1)
        }
    }

    @Test func `a file outside the directory of profiles is checked, too`() async throws {
        try await withBench { bench in
            let path = "\(bench.root)/new draft.txt"
            try Data(repeated.utf8).write(to: URL(filePath: path))
            let answer = await bench.millm("validate", path)
            #expect(answer.exitCode == 1)
            #expect(answer.output.contains("\(path):4:1"))
        }
    }

    @Test func `a dash reads standard input`() async throws {
        try await withBench { bench in
            let good = await bench.millm("validate", "-", input: "version: 1\nname: A\nsteering: {1: 2}\n")
            #expect(good.exitCode == 0)
            let bad = await bench.millm("validate", "-", input: repeated)
            #expect(bad.exitCode == 1)
            #expect(bad.output.contains("<stdin>:4:1"))
        }
    }

    @Test func `a file is called as the user called it, in all places of a finding`() async throws {
        try await withBench { bench in
            try bench.write("bad.yaml", repeated)
            let path = "\(bench.root)/./profiles/../profiles//bad.yaml"
            let answer = await bench.millm("validate", path, "\(bench.profiles)/bad.yaml", "--format", "json")
            let findings = try answer.decoded(as: [Finding].self)
            #expect(findings.map(\.file) == [path, "\(bench.profiles)/bad.yaml"])
            #expect(findings.map { $0.related.map(\.file) } == findings.map { [$0.file] })
            let human = await bench.millm("validate", path)
            #expect(human.output.contains("first set here"))
            #expect(!human.output.contains(":::"))
        }
    }

    @Test func `a file that cannot be read is an I/O error, and the others are checked all the same`() async throws {
        try await withBench { bench in
            try bench.write("bad.yaml", repeated)
            try FileManager.default.createSymbolicLink(
                atPath: "\(bench.profiles)/loop.yaml",
                withDestinationPath: "loop.yaml"
            )
            let loop = "\(bench.profiles)/loop.yaml"
            for arguments in [
                ["validate"], ["validate", "\(bench.profiles)/nothing.yaml", "\(bench.profiles)/bad.yaml"],
            ] {
                let answer = await bench.run(arguments)
                #expect(answer.exitCode == 2)
                #expect(answer.output.contains("P012"))
                #expect((answer.output + answer.errors).contains(arguments.count == 1 ? "P210" : "nothing.yaml"))
            }
            for command in [
                "validate \(loop)", "show loop", "activate loop", "set loop 1=2", "copy loop",
            ] {
                let words = command.split(separator: " ").map(String.init)
                #expect(await bench.run(words).exitCode == 2, "\(command)")
            }
        }
    }

    @Test func `a name that is no UTF-8 is shown as far as it is text, and SARIF has its bytes`() async throws {
        try await withBench { bench in
            let path = Array("\(bench.profiles)/caf".utf8) + [0xE9] + Array(".yaml".utf8)
            let descriptor = unsafe open((path + [0]).map(CChar.init(bitPattern:)), O_CREAT | O_WRONLY, 0o600)
            try #require(descriptor >= 0)
            close(descriptor)
            let answer = await bench.millm("validate")
            #expect(answer.exitCode == 1)
            #expect(answer.output.contains(#"/caf\xE9.yaml"#))
            #expect(await bench.millm("validate", "--format", "sarif").output.contains("/caf%E9.yaml\""))
        }
    }

    @Test func `what is too large is told so, without a number that is not its own`() async throws {
        try await withBench { bench in
            let text = "version: 1\nname: x\n" + String(repeating: "# filler\n", count: 200_000)
            let path = "\(bench.root)/large.yaml"
            try Data(text.utf8).write(to: URL(filePath: path))
            let given = await bench.millm("validate", "-", input: text)
            #expect(given.exitCode == 1)
            #expect(given.output.contains("error[P003]: the file has more than 1048576 bytes"))
            let file = await bench.millm("validate", path)
            #expect(file.output.contains("error[P003]: the file has \(text.utf8.count) bytes"))
        }
    }

    @Test func `an id in place of a path is answered with the file that it means`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            let answer = await bench.millm("validate", "calm")
            #expect(answer.exitCode == 2)
            #expect(answer.errors.contains("Did you mean '\(bench.profiles)/calm.yaml'?"), "\(answer.errors)")
            #expect(await !bench.millm("validate", "nobody").errors.contains("Did you mean"))
        }
    }

    @Test func `a path that is not there is an I/O error`() async throws {
        try await withBench { bench in
            let answer = await bench.millm("validate", "\(bench.root)/nowhere.yaml")
            #expect(answer.exitCode == 2)
            #expect(answer.errors.contains("nowhere.yaml"))
        }
    }

    @Test func `no findings are an empty array in JSON and an empty run in SARIF`() async throws {
        try await withBench { bench in
            #expect(await bench.millm("validate", "--format", "json").output == "[]\n")
            let sarif = await bench.millm("validate", "--format", "sarif")
            #expect(sarif.exitCode == 0)
            #expect(sarif.output.contains("\"2.1.0\""))
            #expect(await bench.millm("validate", "--format", "github").output.isEmpty)
        }
    }

    @Test func `github and sarif carry the place`() async throws {
        try await withBench { bench in
            try bench.write("bad.yaml", repeated)
            let github = await bench.millm("validate", "--format", "github")
            #expect(github.exitCode == 1)
            #expect(github.output.hasPrefix("::error "))
            #expect(github.output.contains("line=4"))
            let sarif = await bench.millm("validate", "--format", "sarif")
            #expect(sarif.exitCode == 1)
            #expect(sarif.output.contains("P012"))
        }
    }

    @Test func `warnings alone do not fail`() async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "Same")
            try bench.addProfile("b", name: "Same")
            let answer = await bench.millm("validate")
            #expect(answer.exitCode == 0)
            #expect(answer.lines.last == "2 files, 2 warnings")
        }
    }

    @Test func `neither a pipe nor a link out of the directory is opened to be shown`() async throws {
        try await withBench { bench in
            #expect(unsafe mkfifo("\(bench.profiles)/a.yaml", 0o600) == 0)
            let link = "\(bench.profiles)/b.yaml"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/etc/passwd")
            let answer = await bench.millm("validate")
            #expect(answer.exitCode == 1)
            #expect(answer.output.contains("P212"))
            #expect(answer.output.contains("P203"))
            #expect(!answer.output.contains("root:"))
            #expect(await bench.millm("show", "a").exitCode == 1)
        }
    }

    @Test func `a directory without profiles does not pass for a checked one`() async throws {
        try await withBench { bench in
            let answer = await bench.millm("validate", bench.root)
            #expect(answer.exitCode == 2)
            #expect(answer.errors.contains("Did you mean '\(bench.root)/profiles'?"))
            let standard = await bench.millm("validate")
            #expect(standard.exitCode == 0)
            #expect(standard.errors.contains("There are no profiles"))
        }
    }

    @Test func `a link that dangles is a finding for its own path, too`() async throws {
        try await withBench { bench in
            try bench.link(to: "gone.yaml")
            let answer = await bench.millm("validate", "\(bench.profiles)/active")
            #expect(answer.exitCode == 1)
            #expect(answer.output.contains("P206"))
        }
    }

    @Test func `an id with a joined emoji is shown as it is, and a hidden direction mark is not`() async throws {
        try await withBench { bench in
            try bench.addProfile("Émile 🏴\u{200D}☠️", name: "A\u{202E}b")
            let answer = await bench.millm("list")
            #expect(answer.output.contains("Émile 🏴\u{200D}☠️"))
            #expect(!answer.output.contains("\u{202E}"))
        }
    }
}
