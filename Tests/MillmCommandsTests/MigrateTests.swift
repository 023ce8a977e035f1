import FoundationEssentials
import Testing

@Suite struct MigrateTests {
    private struct Step: Decodable {
        var profileId: String
        var from: Int?
        var to: Int
        var outcome: String
    }

    private func text(_ name: String, in bench: Bench) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(bench.profiles)/\(name)")), as: UTF8.self)
    }

    private let old = "# old\nname: Night  # dark\nmodel_id: Echo-1B\nsteering:\n  5: 1.5\n"

    @Test func `migrate moves every file to the version of today, and back again to the same bytes`() async throws {
        try await withBench { bench in
            try bench.write("night.yaml", old)
            try bench.addProfile("calm", name: "Calm")
            #expect(await bench.millm("migrate", "--check").exitCode == 1)
            let untouched = try text("night.yaml", in: bench)
            #expect(untouched == old)
            let answer = await bench.millm("migrate")
            #expect(answer.exitCode == 0)
            #expect(answer.lines == ["'night' was migrated from version 0 to version 1.", "2 files, 1 migrated"])
            let new = try text("night.yaml", in: bench)
            #expect(new.contains("version: 1"))
            #expect(new.contains("# dark"))
            #expect(await bench.millm("migrate", "--check").exitCode == 0)
            #expect(await bench.millm("migrate", "night", "--to", "0").exitCode == 0)
            let back = try text("night.yaml", in: bench)
            #expect(back == old)
        }
    }

    @Test func `a file with errors is reported, and the others are migrated all the same`() async throws {
        try await withBench { bench in
            try bench.write("night.yaml", old)
            try bench.write("bad.yaml", "name: [\n")
            let answer = await bench.millm("migrate")
            #expect(answer.exitCode == 1)
            #expect(answer.output.hasSuffix("2 files, 1 migrated, 1 failed\n"))
            #expect(answer.errors.contains("P001"))
            let json = await bench.millm("migrate", "--check", "--format", "json")
            let steps = try json.decoded(as: [Step].self).sorted { $0.profileId < $1.profileId }
            #expect(steps.map(\.outcome) == ["failed", "current"])
            #expect(steps.map(\.to) == [1, 1])
        }
    }

    @Test func `a version that does not exist, and a profile that does not, are refused`() async throws {
        try await withBench { bench in
            #expect(await bench.millm("migrate", "--to", "2").exitCode == 2)
            #expect(await bench.millm("migrate", "nobody").exitCode == 1)
        }
    }
}
