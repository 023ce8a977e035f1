import Profiles
import Testing

@testable import MillmCommands

@Suite struct ListTests {
    private struct List: Decodable {
        struct Profile: Decodable {
            var id: String
            var name: String
            var description: String?
            var modelId: String?
            var saeId: String?
            var layer: Int?
            var steering: [String: Double]
            var featureCount: Int
            var isActive: Bool
            var createdAt: String
            var updatedAt: String
            var etag: String
            var valid: Bool
            var diagnostics: [Finding]
        }

        struct Finding: Decodable {
            var code: String
            var severity: String
        }

        var profiles: [Profile]
        var total: Int
        var activeProfileId: String?
    }

    @Test func `the table shows every profile, sorted by name, the active one marked`() async throws {
        try await withBench { bench in
            try bench.addProfile("b", name: "Alpha")
            try bench.addProfile("a", name: "Beta")
            try bench.link(to: "a.yaml")
            let answer = await bench.millm("list")
            #expect(answer.exitCode == 0)
            #expect(answer.lines.count == 3)
            #expect(answer.lines[0].contains("ID"))
            #expect(answer.lines[1].hasPrefix("   b"))
            #expect(answer.lines[2].hasPrefix("*  a"))
            #expect(answer.lines[2].hasSuffix("ok"))
        }
    }

    @Test func `of files with one id the whole names are shown`() async throws {
        try await withBench { bench in
            for name in ["a.yaml", "a.yml", "b.yaml"] {
                try bench.write(name, "version: 1\nname: Alpha\nsteering: {}\n")
            }
            let lines = await bench.millm("list").lines.dropFirst().map { $0.split(separator: " ")[0] }
            #expect(Set(lines) == ["a.yaml", "a.yml", "b"])
        }
    }

    @Test func `in a pipe nothing is cut and nothing coloured`() async throws {
        try await withBench { bench in
            let name = String(repeating: "A very long name ", count: 5) + "end"
            try bench.addProfile("a", name: name)
            let answer = await bench.millm("list")
            #expect(answer.output.contains(name))
            #expect(!answer.output.contains("\u{1B}"))
        }
    }

    @Test(arguments: [40, 60, 80, 200])
    func `on a terminal no line is wider than it`(columns: Int) async throws {
        try await withBench { bench in
            try bench.addProfile("日本語のプロファイル", name: String(repeating: "🙂 happy ", count: 9) + "!")
            try bench.addProfile("another-one-with-a-long-id", name: "Another")
            let answer = await bench.millm("list", columns: columns)
            #expect(answer.output.contains("\u{1B}["))
            let plain = answer.lines.map { $0.replacing(/\u{1B}\[\d+m/, with: "") }
            #expect(plain.allSatisfy { $0.displayWidth <= columns })
        }
    }

    @Test func `JSON is the API's list`() async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "Alpha", features: "{7: 1.5, 12: -3}")
            try bench.write("b.yaml", "version: 1\nname: [\n")
            try bench.link(to: "a.yaml")
            let list = try await bench.millm("list", "--format", "json").decoded(as: List.self)
            #expect(list.total == 2)
            #expect(list.activeProfileId == "a")
            let valid = try #require(list.profiles.first { $0.id == "a" })
            #expect(valid.name == "Alpha")
            #expect(valid.modelId == "Echo-1B")
            #expect(valid.steering == ["7": 1.5, "12": -3])
            #expect(valid.featureCount == 2)
            #expect(valid.isActive)
            #expect(valid.etag.hasPrefix("sha256:"))
            #expect(valid.diagnostics.isEmpty)
            let broken = try #require(list.profiles.first { $0.id == "b" })
            #expect(!broken.valid)
            #expect(broken.diagnostics.contains { $0.severity == "error" })
        }
    }

    @Test func `an absent value is null, not a missing key`() async throws {
        try await withBench { bench in
            try bench.write("a.yaml", "version: 1\nname: A\nsteering: {}\n")
            let answer = await bench.millm("list", "--format", "json")
            #expect(answer.output.contains("\"description\": null"))
            #expect(answer.output.contains("\"active_profile_id\": null"))
        }
    }

    @Test func `a broken link is a warning, and the list still comes`() async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "Alpha")
            try bench.link(to: "gone.yaml")
            let answer = await bench.millm("list")
            #expect(answer.exitCode == 0)
            #expect(answer.lines.count == 2)
            #expect(answer.errors.contains("gone.yaml"))
        }
    }

    @Test func `quiet gives the ids alone`() async throws {
        try await withBench { bench in
            try bench.addProfile("a", name: "Alpha")
            try bench.addProfile("b", name: "Beta")
            #expect(await bench.millm("list", "--quiet").output == "a\nb\n")
        }
    }

    @Test func `a directory that is not there is an I/O error`() async throws {
        try await withBench { bench in
            let answer = await bench.millm("list", "--profiles", "\(bench.root)/nowhere")
            #expect(answer.exitCode == 2)
            #expect(answer.output.isEmpty)
            #expect(answer.errors.contains("nowhere"))
        }
    }
}
