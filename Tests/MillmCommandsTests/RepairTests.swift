import FoundationEssentials
import Testing

@Suite struct RepairTests {
    private struct Case: Decodable {
        struct Finding: Decodable { var code: String }
        struct Way: Decodable { var number: Int, description: String }
        var finding: Finding
        var remedies: [Way]
    }

    @Test func `repair shows the ways out, and changes nothing by itself`() async throws {
        try await withBench { bench in
            #expect(await bench.millm("repair").output == "Nothing is broken.\n")
            try bench.addProfile("calm", name: "Calm")
            try bench.link(to: "gone.yaml")
            let answer = await bench.millm("repair")
            #expect(answer.exitCode == 1)
            #expect(answer.output.contains("error[P206]"))
            #expect(bench.linkTarget == "gone.yaml")
            let cases = try await bench.millm("repair", "--format", "json").decoded(as: [Case].self)
            #expect(cases.map(\.finding.code) == ["P206"])
            for way in cases[0].remedies { #expect(answer.output.contains("\n   \(way.number). \(way.description)")) }
        }
    }

    @Test func `repair --yes takes the first way of everything`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            let copy = try Data(contentsOf: URL(filePath: "\(bench.profiles)/calm.yaml"))
            try copy.write(to: URL(filePath: "\(bench.profiles)/active"))
            let answer = await bench.millm("repair", "--yes")
            #expect(answer.exitCode == 0)
            #expect(answer.output == "'active' points at 'calm.yaml'.\n")
            #expect(bench.linkTarget == "calm.yaml")
            #expect(await bench.millm("repair").exitCode == 0)
        }
    }

    @Test func `repair --take takes another one`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try bench.link(to: "gone.yaml")
            let cases = try await bench.millm("repair", "--format", "json").decoded(as: [Case].self)
            let last = try #require(cases.first?.remedies.last)
            #expect(last.description == "Remove the link, and leave no profile active.")
            #expect(await bench.millm("repair", "--take", "\(last.number)").exitCode == 0)
            #expect(bench.linkTarget == nil)
        }
    }

    @Test func `a number that was shown never stands for another way`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try bench.link(to: "gone.yaml")
            func numbers() async throws -> [String: Int] {
                let cases = try await bench.millm("repair", "--format", "json").decoded(as: [Case].self)
                return Dictionary(uniqueKeysWithValues: cases.flatMap(\.remedies).map { ($0.description, $0.number) })
            }
            let before = try await numbers()
            try FileManager.default.copyItem(
                atPath: "\(bench.profiles)/calm.yaml",
                toPath: "\(bench.profiles)/calm.yml"
            )
            let after = try await numbers()
            #expect(after.count > before.count)
            #expect(after.filter { before.keys.contains($0.key) } == before)
            let way = try #require(before["Remove the link, and leave no profile active."])
            try FileManager.default.removeItem(atPath: "\(bench.profiles)/calm.yml")
            #expect(await bench.millm("activate", "calm").exitCode == 0)
            #expect(await bench.millm("repair", "--take", "\(way)").exitCode == 2)
            #expect(bench.linkTarget == "calm.yaml")
        }
    }
}
