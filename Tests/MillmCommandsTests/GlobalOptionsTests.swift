import MillmCommands
import Testing

@Suite struct GlobalOptionsTests {
    @Test func `global options stand before or behind the command`() async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "Alpha")
            let elsewhere = ["MILLM_PROFILES": "\(bench.root)/nowhere"]
            let before = await bench.millm(
                "--profiles",
                bench.profiles,
                "--format",
                "json",
                "list",
                environment: elsewhere
            )
            let behind = await bench.millm(
                "list",
                "--profiles",
                bench.profiles,
                "--format",
                "json",
                environment: elsewhere
            )
            let around = await bench.millm(
                "--format=json",
                "list",
                "--profiles=\(bench.profiles)",
                environment: elsewhere
            )
            #expect(before.exitCode == 0)
            #expect(before.output.hasPrefix("{"))
            #expect(behind.output == before.output)
            #expect(around.output == before.output)
        }
    }

    @Test func `an option that is not there, a wrong value and a missing argument are wrong usage`() async throws {
        try await withBench { bench in
            for arguments in [
                ["list", "--nope"], ["list", "--format", "xml"], ["show"], ["no-such-command"], ["help", "lst"],
            ] {
                let console = CapturedConsole()
                let code = await MillmTool.run(arguments, in: bench.context(console))
                #expect(code == 2, "\(arguments)")
                #expect(console.output.isEmpty, "\(arguments)")
                #expect(console.errors.hasPrefix("error: "), "\(arguments)")
            }
        }
    }

    @Test(arguments: ["--profiles=", "--format=", "--color="])
    func `an option without the value behind its sign is wrong usage, not a question`(option: String) async throws {
        try await withBench { bench in
            let answer = await bench.millm("list", option)
            #expect(answer.exitCode == 2)
            #expect(answer.output.isEmpty)
            #expect(answer.errors.hasPrefix("error: '\(option)' has no value behind it.\n"))
        }
    }

    @Test(arguments: [("--description=1 + 1 =", "1 + 1 ="), ("--description=", nil)] as [(String, String?)])
    func `a description may end with an equals sign, or be empty`(option: String, description: String?) async throws {
        try await withBench { bench in
            try bench.write("a.yaml", "version: 1\nname: A\ndescription: old\nsteering: {}\n")
            let answer = await bench.millm("set", "a", option)
            #expect(answer.exitCode == 0, "\(answer.errors)")
            let shown = await bench.millm("show", "a")
            #expect(shown.output.contains("1 + 1 =") == (description != nil))
            #expect(!shown.output.contains("old"))
        }
    }

    @Test(arguments: [["list", "--nope"], ["lst"], ["list", "--format", "sarif"], ["set", "a", "1=x"]])
    func `wrong usage is coloured like other errors`(arguments: [String]) async throws {
        try await withBench { bench in
            let plain = await bench.run(arguments)
            #expect(plain.errors.hasPrefix("error: "))
            let coloured = await bench.run(["--color", "always"] + arguments)
            #expect(coloured.errors == "\u{1B}[31merror:\u{1B}[0m" + plain.errors.dropFirst("error:".count))
            #expect(await bench.run(arguments, columns: 80).errors.hasPrefix("\u{1B}["))
            #expect(await bench.run(arguments, columns: 80, environment: ["NO_COLOR": "1"]).errors.hasPrefix("error:"))
        }
    }

    @Test(arguments: [
        (["lst"], "list"), (["--format", "json", "activat", "x"], "activate"), (["help", "dif"], "diff"),
        (["version"], "--version"), (["show", "--profile", "p"], "--profiles"), (["unset", "--wiat"], "--wait"),
    ])
    func `a mistyped command or option is told what it may have meant`(arguments: [String], meant: String) async throws
    {
        try await withBench { bench in
            let answer = await bench.run(arguments)
            #expect(answer.exitCode == 2)
            #expect(answer.errors.contains("Did you mean '\(meant)'?"))
        }
    }

    @Test(arguments: [["rollback", "-1"], ["unset", "a", "-12"], ["history", "--limit", "-3"]])
    func `a number with a sign is told that it has one`(arguments: [String]) async throws {
        try await withBench { bench in
            let answer = await bench.run(arguments)
            #expect(answer.exitCode == 2)
            #expect(answer.errors.contains("is no option, and numbers have no sign here. "), "\(answer.errors)")
            #expect(await bench.millm("activate", "a", "--wait", "-12").errors.contains("is no time for --wait"))
        }
    }

    @Test func `only validate writes github and sarif`() async throws {
        try await withBench { bench in
            let answer = await bench.millm("list", "--format", "sarif")
            #expect(answer.exitCode == 2)
            #expect(answer.errors.contains("'list' writes human and json, not sarif."))
        }
    }

    @Test(arguments: [["--help"], ["help"], ["list", "--help"], ["help", "activate"], []])
    func `help is a result, not an error`(arguments: [String]) async throws {
        try await withBench { bench in
            let console = CapturedConsole()
            let code = await MillmTool.run(arguments, in: bench.context(console))
            #expect(code == 0)
            #expect(console.errors.isEmpty)
            #expect(console.output.contains("USAGE: millm"))
            let titles = console.output.split(separator: "\n").filter { $0.hasSuffix("OPTIONS:") }
            #expect(titles == ["OPTIONS:", "GLOBAL OPTIONS:"])
            #expect(!console.output.contains("\n\n\n"))
        }
    }

    @Test(
        arguments: [
            (["--color", "always"], nil, [:], true),
            (["--color", "never"], 80, [:], false),
            ([], 80, [:], true),
            ([], nil, [:], false),
            ([], 80, ["NO_COLOR": "1"], false),
            ([], 80, ["NO_COLOR": ""], true),
            ([], 80, ["TERM": "dumb"], false),
            (["--color", "always"], nil, ["NO_COLOR": "1"], true),
        ] as [([String], Int?, [String: String], Bool)]
    )
    func `colour follows the option, the environment and the terminal`(
        arguments: [String],
        columns: Int?,
        environment: [String: String],
        isColoured: Bool
    ) async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "Alpha")
            let console = CapturedConsole(columns: columns)
            _ = await MillmTool.run(["list"] + arguments, in: bench.context(console, environment))
            #expect(console.output.contains("\u{1B}[") == isColoured)
        }
    }
}
