import FoundationEssentials
import Testing

@Suite struct RenameTests {
    private func text(_ name: String, in bench: Bench) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(bench.profiles)/\(name)")), as: UTF8.self)
    }

    private let commented = "# top\nversion: 1\nname: 'Calm'  # a name\nsteering: {1: 2.5}"

    @Test func `rename gives the file another name, and the link moves along`() async throws {
        try await withBench { bench in
            try bench.write("calm.yml", commented)
            try bench.link(to: "calm.yml")
            let answer = await bench.millm("rename", "calm", "very calm 🏴")
            #expect(answer.exitCode == 0)
            #expect(answer.output == "'calm' is 'very calm 🏴' now, and is still the active profile.\n")
            #expect(bench.linkTarget == "very calm 🏴.yml")
            let renamed = try text("very calm 🏴.yml", in: bench)
            #expect(renamed == commented)
            #expect(await bench.millm("list", "-q").output == "very calm 🏴\n")
        }
    }

    @Test func `rename --name changes the display name and no other byte`() async throws {
        try await withBench { bench in
            try bench.write("calm.yaml", commented)
            let answer = await bench.millm("rename", "calm", "--name", "Very \"calm\"")
            #expect(answer.output == "'calm' has the name 'Very \"calm\"' now.\n")
            let edited = try text("calm.yaml", in: bench)
            #expect(edited == commented.replacing("'Calm'", with: "'Very \"calm\"'"))
        }
    }

    @Test func `both in one step, or nothing if one of them is taken`() async throws {
        try await withBench { bench in
            try bench.write("calm.yaml", commented)
            try bench.addProfile("loud", name: "Loud")
            #expect(await bench.millm("rename", "calm", "quiet", "--name", "Loud").exitCode == 1)
            #expect(await bench.millm("rename", "calm", "loud", "--name", "Quiet").exitCode == 1)
            let untouched = try text("calm.yaml", in: bench)
            #expect(untouched == commented)
            #expect(await bench.millm("mv", "calm", "quiet", "--name", "Quiet").exitCode == 0)
            let renamed = try text("quiet.yaml", in: bench)
            #expect(renamed == commented.replacing("'Calm'", with: "'Quiet'"))
        }
    }

    @Test(arguments: [
        (["copy", "calm"], "calm-2", "Calm (2)"), (["copy", "calm", "new"], "new", "New"),
        (["cp", "calm", "--name", "My Own"], "my-own", "My Own"),
        (["copy", "calm", "new", "-n", "Other"], "new", "Other"), (["copy", "active", "b"], "b", "B"),
    ])
    func `copy keeps the comments and gives a name of its own`(
        arguments: [String],
        id: String,
        name: String
    ) async throws {
        struct Profile: Decodable { var id: String, name: String, isActive: Bool }
        try await withBench { bench in
            try bench.write("calm.yaml", commented)
            try bench.link(to: "calm.yaml")
            let answer = await bench.run(arguments + ["--format", "json"])
            #expect(answer.exitCode == 0)
            let profile = try answer.decoded(as: Profile.self)
            #expect(profile.id == id)
            #expect(profile.name == name)
            #expect(!profile.isActive)
            #expect(try text("\(id).yaml", in: bench).hasPrefix("# top\nversion: 1\nname: "))
            #expect(bench.linkTarget == "calm.yaml")
        }
    }
}
