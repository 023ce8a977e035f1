import FoundationEssentials
import Profiles
import Testing

@testable import MillmCommands

@Suite struct NewTests {
    private static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    private func makeTemplates(in bench: Bench, withSchema: Bool) throws {
        let folder = "\(bench.root)/Templates"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let mine = "# Mine\nversion: 1\nname: X\nlayer: 7  # seven\nsteering: {3: 1.5}\n"
        try Data(mine.utf8).write(to: URL(filePath: "\(folder)/mine.yaml"))
        if withSchema { try Data("{}".utf8).write(to: URL(filePath: "\(folder)/profile.schema.json")) }
    }

    @Test func `a new profile is valid, has the name of its id, and leads editors to a schema that is there`()
        async throws
    {
        try await withBench { bench in
            let answer = await bench.millm("new", "king-james")
            #expect(answer.exitCode == 0)
            #expect(answer.output.hasPrefix("'king-james' was written from the template 'blank': "))
            let file = try text("\(bench.profiles)/king-james.yaml")
            #expect(
                file.hasPrefix("# yaml-language-server: $schema=./.profile.schema.json\nversion: 1\nname: King James\n")
            )
            let schema = try text("\(bench.profiles)/.profile.schema.json")
            #expect(schema == ProfileJSONSchema.text)
            #expect(await bench.millm("validate").output == "1 file, no findings\n")
        }
    }

    @Test func `templates beside the profiles come first, with the schema there`() async throws {
        try await withBench { bench in
            try makeTemplates(in: bench, withSchema: true)
            let answer = await bench.millm("new", "a b", "--template", "mine", "--name", "A: B", "--set", "5=2")
            #expect(answer.exitCode == 0)
            let file = try text("\(bench.profiles)/a b.yaml")
            #expect(
                file == """
                    # yaml-language-server: $schema=../Templates/profile.schema.json
                    # Mine
                    version: 1
                    name: "A: B"
                    layer: 7  # seven
                    steering: {3: 1.5, 5: 2.0}

                    """
            )
            #expect(!FileManager.default.fileExists(atPath: "\(bench.profiles)/.profile.schema.json"))
        }
    }

    @Test func `the templates inside the program are those of the repository`() throws {
        for (name, bytes) in [
            ("blank", PackageResources.blank_yaml), ("commented", PackageResources.commented_yaml),
        ] {
            let url = Self.repository.appending(path: "Templates/\(name).yaml")
            #expect(Array(try Data(contentsOf: url)) == bytes)
        }
    }

    @Test func `MILLM_TEMPLATES names a folder, and a path is a template, too`() async throws {
        try await withBench { bench in
            try makeTemplates(in: bench, withSchema: false)
            let folder = "\(bench.root)/others"
            try FileManager.default.moveItem(atPath: "\(bench.root)/Templates", toPath: folder)
            #expect(await bench.millm("new", "a", "-t", "mine").exitCode == 2)
            #expect(await bench.millm("new", "a", "-t", "mine", environment: ["MILLM_TEMPLATES": folder]).exitCode == 0)
            #expect(await bench.millm("new", "b", "-t", "\(folder)/mine.yaml").exitCode == 0)
        }
    }

    @Test func `a template that does not exist is refused with those that do`() async throws {
        try await withBench { bench in
            let answer = await bench.millm("new", "a", "--template", "comented")
            #expect(answer.exitCode == 2)
            #expect(answer.errors.contains("Did you mean 'commented'? There are 'blank', 'commented'."))
            #expect(await bench.millm("list", "-q").output.isEmpty)
        }
    }

    @Test(
        arguments: [
            (["new", "calm"], 1), (["new", "other", "--name", "Calm"], 1), (["new", "x", "--set", "1=10001"], 2),
            (["new", "x", "--name", " "], 2), (["new", String(repeating: "x", count: 120)], 2),
        ] as [([String], Int32)]
    )
    func `what is taken or out of bounds is refused, and nothing is written`(
        arguments: [String],
        code: Int32
    ) async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            let console = CapturedConsole()
            #expect(await MillmTool.run(arguments, in: bench.context(console)) == code)
            #expect(console.output.isEmpty)
            #expect(await bench.millm("list", "-q").output == "calm\n")
        }
    }

    @Test(arguments: [
        ["new", "active"], ["new", ".hidden"], ["new", "a/b"], ["new", "x", "--set", "1"],
        ["new", "x", "--set", "1=1", "--set", "1=2"],
    ])
    func `an id or a feature that cannot be is refused`(arguments: [String]) async throws {
        try await withBench { bench in
            let console = CapturedConsole()
            #expect(await MillmTool.run(arguments, in: bench.context(console)) != 0)
            #expect(console.errors.hasPrefix("error: "))
            #expect(await bench.millm("list", "-q").output.isEmpty)
        }
    }

    @Test(arguments: [
        ("king-james", "King James"), ("calm", "Calm"), ("snake_case 2", "snake_case 2"), ("Ärger", "Ärger"),
        ("grün", "Grün"), ("🏴", "🏴"), ("a_b", "A B"), ("--", "--"),
    ])
    func `a display name is made from the id`(id: String, name: String) throws {
        #expect(NewCommand.displayName(for: try ProfileID(id)) == name)
    }

    @Test(arguments: ["pirate.yaml", "profiles/pirate.yaml"])
    func `the file's name is understood as the id`(reference: String) async throws {
        try await withBench { bench in
            let path = reference.hasPrefix("profiles/") ? "\(bench.root)/\(reference)" : reference
            #expect(await bench.millm("new", path).exitCode == 0)
            #expect(await bench.millm("list", "-q").output == "pirate\n")
        }
    }

    @Test func `without a directory of profiles nothing is written, and the ways to name one are told`() async throws {
        try await withBench { bench in
            let answer = await bench.millm("new", "a", "--profiles", "\(bench.root)/nowhere")
            #expect(answer.exitCode == 2)
            #expect(answer.errors.contains("There is no directory"))
            #expect(answer.errors.contains("MILLM_PROFILES"))
            #expect(!FileManager.default.fileExists(atPath: "\(bench.root)/nowhere"))
        }
    }
}
