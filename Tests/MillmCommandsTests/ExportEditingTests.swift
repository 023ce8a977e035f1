import FoundationEssentials
import Testing

/// An edit of one of miLLM's exports makes a profile of version 1 of it, and says so.
@Suite struct ExportEditingTests {
    private struct Answer: Decodable {
        var migratedFrom: String?
        var outcome: String?
    }

    /// A file's name, its text, and what JSON calls its form.
    private static let exports = [
        ("e.yaml", "# mine\nversion: \"1.0\"\nname: E\nsae_id: s\nlayer: 2\nsteering:\n  5: 1.5 # five\n", "flat"),
        ("e.json", #"{"version":"1.0","name":"E","steering":{"5":1.5}}"#, "flat"),
        (
            "e.json", #"{"version":"1.0","type":"millm_profile","profile":{"name":"E","steering":{"5":1.5}}}"#,
            "envelope"
        ),
    ]

    @Test(arguments: exports, [["set", "e", "5=2"], ["unset", "e", "5"], ["rename", "e", "--name", "F"]])
    func `that an export is a profile of version 1 now is told`(
        export: (name: String, text: String, form: String),
        command: [String]
    ) async throws {
        try await withBench { bench in
            try bench.write(export.name, export.text)
            let answer = await bench.run(command)
            #expect(answer.exitCode == 0)
            #expect(
                answer.lines.last == "Its file was miLLM's export and is a profile of version 1 now, "
                    + "as 'millm migrate' makes them: \(bench.profiles)/e.yaml"
            )
            let again = await bench.run(command.map { $0 == "F" ? "G" : $0 })
            #expect(!again.output.contains("export"))
        }
    }

    @Test(arguments: exports)
    func `JSON tells the form that the file had`(name: String, text: String, form: String) async throws {
        try await withBench { bench in
            try bench.write(name, text)
            let first = await bench.millm("set", "e", "5=2", "--format", "json")
            #expect(try first.decoded(as: Answer.self).migratedFrom == form)
            let second = await bench.millm("set", "e", "5=3", "--format", "json")
            #expect(try second.decoded(as: Answer.self).migratedFrom == nil)
            #expect(second.output.contains("\"migrated_from\": null"))
        }
    }

    @Test func `it is told with --wait, too`() async throws {
        try await withBench { bench in
            try bench.write("e.json", Self.exports[1].1)
            try bench.write("f.json", Self.exports[1].1.replacing("\"E\"", with: "\"F\""))
            try bench.link(to: "e.json")
            try await FakeDaemon(bench: bench).whileServing {
                let answer = await bench.millm("set", "e", "5=2", "--wait")
                #expect(answer.exitCode == 0)
                #expect(answer.lines.last?.contains("version 1 now") == true)
                #expect(await bench.millm("activate", "f", "--wait").exitCode == 0)
                let json = await bench.millm("set", "f", "5=2", "--wait", "--format", "json")
                let told = try json.decoded(as: Answer.self)
                #expect(told.migratedFrom == "flat")
                #expect(told.outcome == "applied")
            }
        }
    }
}
