import FoundationEssentials
import MillmCommands
import ProfileDirectory
import Profiles
import Testing

@Suite struct HistoryTests {
    private struct Entry: Decodable {
        var number: Int
        var steps: Int?
        var kind: String
        var profileId: String?
        var features: Int?
    }

    private let first = "version: 1\nname: Calm\nsteering: {1: 1}\n"
    private let second = "version: 1\nname: Calm\nsteering: {1: 2}  # more\n"

    /// Two states of the profile `calm`, the newer one before; a running daemon would have kept them.
    private func record(in bench: Bench) throws {
        let history = AppliedHistory(in: try bench.state)
        for (number, text) in [first, second].enumerated() {
            let bytes = Array(text.utf8)
            history.record(
                HistoryRecord(
                    .applied,
                    id: try ProfileID("calm"),
                    fileName: "calm.yaml",
                    bytes: bytes,
                    planDigest: ContentDigest(of: bytes),
                    features: 1,
                    source: .directory,
                    generation: number + 1
                )
            )
        }
        history.flush()
    }

    private func text(_ name: String, in bench: Bench) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(bench.profiles)/\(name)")), as: UTF8.self)
    }

    @Test func `history shows what was applied, the newest first, and prints its bytes`() async throws {
        try await withBench { bench in
            #expect(await bench.millm("history").output == "Nothing has been applied yet.\n")
            try record(in: bench)
            let answer = await bench.millm("history")
            #expect(answer.exitCode == 0)
            #expect(answer.lines.count == 3)
            #expect(answer.lines[0].hasPrefix("BACK  ENTRY  AT"))
            #expect(answer.lines[1].hasPrefix("   0 "))
            let entries = try await bench.millm("history", "--format", "json").decoded(as: [Entry].self)
            #expect(entries.map(\.steps) == [0, 1])
            #expect(entries.map(\.profileId) == ["calm", "calm"])
            #expect(await bench.millm("history", "--print", "\(entries[1].number)").output == first)
            try bench.addProfile("other", name: "Other")
            #expect(await bench.millm("history", "other").output == "'other' has not been applied yet.\n")
            #expect(await bench.millm("history", "calm", "--limit", "1").lines.count == 2)
        }
    }

    @Test func `history --print writes the bytes as they are, text or not`() async throws {
        try await withBench { bench in
            let bytes: [UInt8] = [0xEF, 0xBB, 0xBF] + Array("name: Caf".utf8) + [0xE9, 0x00, 0x0D, 0x0A, 0xFF]
            let history = AppliedHistory(in: try bench.state)
            history.record(
                HistoryRecord(.displaced, id: try ProfileID("calm"), fileName: "calm.yaml", bytes: bytes)
            )
            history.flush()
            let all = try await bench.millm("history", "--all", "--format", "json").decoded(as: [Entry].self)
            let console = CapturedConsole()
            let code = await MillmTool.run(["history", "--print", "\(all[0].number)"], in: bench.context(console))
            #expect(code == 0)
            #expect(console.outputBytes == bytes)
        }
    }

    @Test func `history of a profile that never was is refused, of one that is gone it is not`() async throws {
        try await withBench { bench in
            try record(in: bench)
            #expect(await bench.millm("history", "calm").exitCode == 0)
            let answer = await bench.millm("history", "nope")
            #expect(answer.exitCode == 1)
            #expect(answer.output.isEmpty)
            #expect(answer.errors.hasPrefix("error: There is no profile 'nope' in "))
        }
    }

    @Test func `rollback puts the bytes back, whatever has become of the file`() async throws {
        try await withBench { bench in
            try record(in: bench)
            try bench.write("calm.yaml", "broken: [\n")
            let answer = await bench.millm("rollback")
            #expect(answer.exitCode == 0)
            #expect(answer.output.hasPrefix("'calm' is active again, as of "))
            let restored = try text("calm.yaml", in: bench)
            #expect(restored == first)
            #expect(bench.linkTarget == "calm.yaml")
            let kept = try await bench.millm("history", "--all", "--format", "json").decoded(as: [Entry].self)
            #expect(kept.contains { $0.kind == "displaced" && $0.steps == nil })
            #expect(await bench.millm("rollback", "0").exitCode == 0)
            let newest = try text("calm.yaml", in: bench)
            #expect(newest == second)
            let far = await bench.millm("rollback", "7")
            #expect(far.exitCode == 1)
            #expect(far.errors == "error: The history reaches 1 step back, so there is nothing 7 steps back.\n")
        }
    }

    @Test func `rollback to steering without a profile names the profile that it becomes`() async throws {
        try await withBench { bench in
            let text = "version: 1\nname: Live steering\nsteering: {1: 1}\n"
            let history = AppliedHistory(in: try bench.state)
            history.record(
                HistoryRecord(
                    .applied,
                    id: nil,
                    fileName: nil,
                    bytes: Array(text.utf8),
                    planDigest: ContentDigest(of: Array(text.utf8)),
                    features: 1,
                    source: .api,
                    generation: 1
                )
            )
            history.flush()
            let answer = await bench.millm("rollback", "0")
            #expect(answer.output.hasPrefix("What had no profile is active again, as of "))
            let place = "'\(bench.profiles)/live-steering.yaml'"
            #expect(answer.output.hasSuffix(", as the new profile 'live-steering' in \(place).\n"), "\(answer.output)")
            #expect(bench.linkTarget == "live-steering.yaml")
        }
    }

    @Test func `rollback --wait returns when the daemon has applied it`() async throws {
        try await withBench { bench in
            try record(in: bench)
            try bench.write("calm.yaml", second)
            try await FakeDaemon(bench: bench).whileServing {
                let answer = await bench.millm("rollback", "--wait")
                #expect(answer.exitCode == 0)
                #expect(answer.output.contains("and the daemon has applied it: generation"))
            }
            try await FakeDaemon(bench: bench, manner: .rejects).whileServing {
                #expect(await bench.millm("rollback", "0", "--wait").exitCode == 3)
            }
        }
    }

    @Test func `diff compares with the bytes that are applied, not with the file`() async throws {
        try await withBench { bench in
            try record(in: bench)
            try bench.write("calm.yaml", "version: 1\nname: Calm\nsteering: {1: 3}\n")
            let state = try bench.state
            try state.create()
            var status = FakeDaemon.initialStatus(pid: 1)
            status.applied = LoaderStatus.Applied(
                id: try ProfileID("calm"),
                digest: ContentDigest(of: Array(second.utf8)),
                planDigest: ContentDigest(of: [1]),
                features: 1,
                source: .directory,
                at: .now()
            )
            try StatusFile(in: state).write(status)
            let answer = await bench.millm("diff", "calm")
            #expect(answer.exitCode == 1)
            #expect(answer.output == "--- calm\n+++ calm (applied)\n~ 1: 3.0 → 2.0\n")
            #expect(answer.errors.contains("No daemon is running"))
        }
    }
}
