import Foundation
import ProfileDirectory
import Profiles
import Testing

/// Completion as the shells do it, with the scripts that the program writes for them.
@Suite struct CompletionTests {
    private static let sae = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../saes/smollm2-135m-instruct-l15").path
    private static let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path

    /// The lines that a shell script prints, sorted.
    private func completions(_ shell: String, _ script: String, in bench: Bench) throws -> [String] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        // A shell that waits for what never comes is no reason to wait for ever.
        process.arguments = ["timeout", "30", shell, "-c", script]
        process.currentDirectoryURL = URL(filePath: bench.root)
        process.environment = ["PATH": "\(Self.folder):/usr/bin:/bin", "HOME": bench.root, "LC_ALL": "C.UTF-8"]
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").map(String.init).sorted()
    }

    /// What bash puts into COMPREPLY for the words, the last of which is being typed.
    private func bash(_ words: [String], in bench: Bench) throws -> [String] {
        let list = words.map { "'\($0.replacing("'", with: "'\\''"))'" }.joined(separator: " ")
        return try completions(
            "bash",
            """
            eval "$(\(words[0]) --generate-completion-script bash)"
            COMP_WORDS=(\(list)); COMP_CWORD=\(words.count - 1)
            COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
            _\(words[0]) \(words[0]) "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """,
            in: bench
        )
    }

    private func addProfiles(to bench: Bench) throws {
        for id in ["king-james", "my profile 🏴", "it's:x", "evil$(touch PWNED)"] {
            try bench.addProfile(id, name: id)
        }
    }

    @Test func `bash completes commands, options and live ids, whatever is in their names`() async throws {
        try await withBench { bench in
            try addProfiles(to: bench)
            #expect(try bash(["millm", "sch"], in: bench) == ["schema"])
            #expect(try bash(["millm", "show", "ki"], in: bench) == ["king-james"])
            #expect(try bash(["millm", "show", "my"], in: bench) == ["my profile 🏴"])
            #expect(try bash(["millm", "show", "ev"], in: bench) == [#"evil\$\(touch\ PWNED\)"#])
            #expect(try bash(["millm", "show", #""ev"#], in: bench).isEmpty)
            #expect(try bash(["millm", "show", ""], in: bench).count == 4)
            #expect(try bash(["millm", "show", "--profiles", "elsewhere", "k"], in: bench).isEmpty)
            for name in ["twin.yaml", "twin.yml"] { try bench.write(name, "version: 1\nname: T\nsteering: {}\n") }
            #expect(try bash(["millm", "show", "tw"], in: bench) == ["twin.yaml", "twin.yml"])
            #expect(try bash(["millm", "new", "x", "--template", "co"], in: bench) == ["commented"])
            #expect(try bash(["millm", "list", "--color", ""], in: bench) == ["always", "auto", "never"])
            try bench.addProfile("loud", name: "Loud", features: "{2203: -1.5, 7: 40, 2204: 1}")
            #expect(try bash(["millm", "unset", "loud", "22"], in: bench) == ["2203", "2204"])
            #expect(try bash(["millm", "unset", "loud", "2203", "22"], in: bench) == ["2204"])
            #expect(try bash(["millm", "set", "my profile 🏴", ""], in: bench).contains("1=2.5"))
            #expect(try bash(["millm", "set", "loud", "22"], in: bench) == ["2203=-1.5", "2204=1.0"])
            let labels = ["millm", "features", "--sae", Self.sae, "p"]
            #expect(try bash(labels, in: bench) == ["period English gentility", "proverb/wisdom"])
            #expect(!FileManager.default.fileExists(atPath: "\(bench.root)/PWNED"))
        }
    }

    /// Three entries: `calm` was applied twice, with a deactivation in between.
    private func addHistory(to bench: Bench) throws {
        let state = try StateDirectory(forProfilesIn: bench.profiles, environment: ["HOME": bench.root])
        let history = AppliedHistory(in: state)
        for (number, text) in ["first", nil, "second"].enumerated() {
            let bytes = text.map { Array($0.utf8) }
            history.record(
                HistoryRecord(
                    .applied,
                    id: try bytes.map { _ in try ProfileID("calm") },
                    fileName: bytes.map { _ in "calm.yaml" },
                    bytes: bytes,
                    planDigest: ContentDigest(of: bytes ?? []),
                    features: 1,
                    source: .directory,
                    generation: number + 1
                )
            )
        }
        history.flush()
    }

    @Test func `bash completes what there is of the history, the commands behind help, and closed sets`() async throws {
        try await withBench { bench in
            #expect(try bash(["millm", "rollback", ""], in: bench).isEmpty)
            try addHistory(to: bench)
            #expect(try bash(["millm", "rollback", ""], in: bench) == ["0", "1", "2"])
            #expect(try bash(["millm", "rollback", "--entry", ""], in: bench) == ["1", "2", "3"])
            #expect(try bash(["millm", "history", "--print", ""], in: bench) == ["1", "3"])
            #expect(try bash(["millm", "help", "ro"], in: bench) == ["rollback"])
            #expect(try bash(["millm", "help", ""], in: bench).count > 20)
            #expect(try bash(["millm", "help", "list", ""], in: bench).isEmpty)
            #expect(try bash(["millm", "list", "--format", ""], in: bench) == ["human", "json"])
            #expect(try bash(["millm", "validate", "--format", ""], in: bench).contains("sarif"))
            #expect(try bash(["millm", "migrate", "--to", ""], in: bench) == ["0", "1"])
            #expect(try bash(["millmd", "--log-level", "d"], in: bench) == ["debug"])
            #expect(try bash(["millmd", "--log-format", ""], in: bench) == ["json", "logfmt"])
        }
    }

    /// Types the line with a tab behind it on a terminal where the shell runs, and waits for what it becomes.
    ///
    /// - Parameters:
    ///   - shell: The command that starts the shell.
    ///   - preparation: What to do first there.
    private func type(
        _ line: String,
        expecting completed: String,
        in shell: String,
        _ preparation: String,
        _ bench: Bench
    ) throws -> Bool {
        let script = """
            zmodload zsh/zpty
            zpty -b terminal '\(shell)'
            zpty -w terminal '\(preparation); echo rea""dy'
            zpty -r terminal text '*ready*'
            zpty -w -n terminal $'\(line)\\t'
            zpty -r terminal text '*\(completed)*' && echo found
            zpty -d terminal
            """
        return try completions("zsh", script, in: bench) == ["found"]
    }

    @Test func `bash never runs what is in a name`() async throws {
        try await withBench { bench in
            for id in ["a`boom`", "b$(boom)", "c$HOME"] { try bench.addProfile(id, name: id) }
            for word in ["a", "b", "c"] {
                let line = #"millm show \(word)\t\recho do""ne\r"#.replacing(#"\(word)"#, with: word)
                let preparation = #"boom() { touch PWNED; }; eval "$(millm --generate-completion-script bash)""#
                #expect(try type(line, expecting: "done", in: "bash --norc -i", preparation, bench))
            }
            #expect(!FileManager.default.fileExists(atPath: "\(bench.root)/PWNED"))
        }
    }

    @Test func `bash completes behind a command's other name as behind its own`() async throws {
        try await withBench { bench in
            try addProfiles(to: bench)
            #expect(try bash(["millm", "rm", "ki"], in: bench) == ["king-james"])
            #expect(try bash(["millm", "--quiet", "mv", "my"], in: bench) == ["my profile 🏴"])
            #expect(try bash(["millm", "cp", "king-james", "--na"], in: bench) == ["--name"])
            #expect(try bash(["millm", "ls", "--color", ""], in: bench) == ["always", "auto", "never"])
        }
    }

    @Test func `fish completes live ids on a terminal of its own`() async throws {
        try await withBench { bench in
            try addProfiles(to: bench)
            let preparation = "millm --generate-completion-script fish | source"
            let shell = "fish --no-config -i"
            #expect(try type("millm show ki", expecting: "king-james", in: shell, preparation, bench))
            #expect(try type("millm sch", expecting: "schema", in: shell, preparation, bench))
            #expect(try type("millm rm ki", expecting: "king-james", in: shell, preparation, bench))
            #expect(try type("millm mv ki", expecting: "king-james", in: shell, preparation, bench))
            #expect(try type("millm cp ki", expecting: "king-james", in: shell, preparation, bench))
            #expect(try type("millm ls --col", expecting: "--color", in: shell, preparation, bench))
            try bench.addProfile("loud", name: "Loud", features: "{2203: 1, 7: 40}")
            #expect(try type("millm unset loud 22", expecting: "2203", in: shell, preparation, bench))
            #expect(try type("millm set loud 22", expecting: "2203=1.0", in: shell, preparation, bench))
            #expect(try type("millm help rol", expecting: "rollback", in: shell, preparation, bench))
            #expect(try type("millm list --format j", expecting: "json", in: shell, preparation, bench))
            try addHistory(to: bench)
            #expect(try type("millm rollback ", expecting: "calm, 20", in: shell, preparation, bench))
            #expect(try type("millm history --print ", expecting: "calm, 20", in: shell, preparation, bench))
        }
    }

    @Test func `zsh completes live ids on a terminal of its own`() async throws {
        try await withBench { bench in
            try addProfiles(to: bench)
            let preparation =
                "millm --generate-completion-script zsh > _millm; fpath=($PWD $fpath); "
                + "autoload -Uz compinit; compinit -u -D"
            #expect(try type("millm show ki", expecting: "king-james", in: "zsh -f -i", preparation, bench))
            #expect(try type("millm sch", expecting: "schema", in: "zsh -f -i", preparation, bench))
            #expect(try type("millm rm ki", expecting: "king-james", in: "zsh -f -i", preparation, bench))
            #expect(try type("millm mv ki", expecting: "king-james", in: "zsh -f -i", preparation, bench))
            #expect(try type("millm cp ki", expecting: "king-james", in: "zsh -f -i", preparation, bench))
            #expect(try type("millm ls --col", expecting: "--color", in: "zsh -f -i", preparation, bench))
            try bench.addProfile("loud", name: "Loud", features: "{2203: 1, 7: 40}")
            #expect(try type("millm unset loud 22", expecting: "2203", in: "zsh -f -i", preparation, bench))
            #expect(try type("millm set loud 22", expecting: "2203=1.0", in: "zsh -f -i", preparation, bench))
            #expect(try type("millm help rol", expecting: "rollback", in: "zsh -f -i", preparation, bench))
            #expect(try type("millm list --format j", expecting: "json", in: "zsh -f -i", preparation, bench))
            try addHistory(to: bench)
            #expect(try type("millm rollback ", expecting: "calm, 20", in: "zsh -f -i", preparation, bench))
            #expect(try type("millm history --print ", expecting: "calm, 20", in: "zsh -f -i", preparation, bench))
        }
    }
}
