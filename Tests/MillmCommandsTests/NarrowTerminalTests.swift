import FoundationEssentials
import Profiles
import Testing

/// No line of a table is broken by the terminal's edge.
@Suite struct NarrowTerminalTests {
    private static let sae = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../saes/smollm2-135m-instruct-l15").path

    @Test(arguments: [40, 60, 80], ["list", "history --all", "features --sae \(sae)"])
    func `tables fit the terminal`(columns: Int, command: String) async throws {
        try await withBench { bench in
            try bench.addProfile("a-rather-long-id-of-a-profile", name: "The Long Name of a Profile")
            try bench.write("bad.yaml", "version: 1\nlayer: x\nfoo: 1\n")
            _ = await bench.millm("set", "a-rather-long-id-of-a-profile", "1=3")
            let answer = await bench.run(command.split(separator: " ").map(String.init), columns: columns)
            #expect(answer.lines.count > 1)
            for line in answer.lines {
                let text = line.replacing(/\u{1B}\[[0-9]*m/, with: "")
                #expect(text.displayWidth <= columns, "\(text)")
            }
        }
    }

    @Test func `a feature is found by its index`() async throws {
        struct Feature: Decodable { var index: Int }
        try await withBench { bench in
            let known = try await bench.millm("features", "--sae", Self.sae, "--format", "json").decoded(
                as: [Feature].self
            )
            let index = try #require(known.last?.index)
            let found = try await bench.millm("features", "\(index)", "--sae", Self.sae, "--format", "json")
                .decoded(as: [Feature].self)
            #expect(found.map(\.index) == [index])
            let beyond = await bench.millm("features", "999999", "--sae", Self.sae)
            #expect(beyond.exitCode == 1)
            #expect(beyond.errors.contains("which has the features 0 to 3071."))
        }
    }
}
