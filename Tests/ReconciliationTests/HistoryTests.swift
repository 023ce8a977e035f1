import Foundation
import MillmTesting
import ProfileDirectory
import Profiles
import Reconciliation
import Steering
import Testing

/// What is kept of what was applied, and what it is good for after a restart.
@Suite struct HistoryTests {
    private func text(_ strength: Double) -> String {
        "version: 1\nname: Night\nsteering:\n  3: \(strength)\n"
    }

    private func repository(_ bench: Workbench) -> DirectoryRepository {
        DirectoryRepository(path: bench.profiles, history: bench.history, forceRecord: ForceRecord(in: bench.state))
    }

    @Test func `every apply is kept with its bytes, the taking away too`() async throws {
        try await Workbench.with { bench in
            try bench.write(text(1), to: "night.yaml")
            try bench.link(to: "night.yaml")
            _ = await bench.loader.reconcile()
            try bench.write(text(2), to: "night.yaml")
            let status = await bench.loader.reconcile()
            try bench.unlink("active")
            _ = await bench.loader.reconcile()
            bench.history.flush()
            let entries = try bench.history.applied()
            #expect(entries.map(\.generation) == [3, 2, 1])
            #expect(entries[0].id == nil && entries[0].digest == nil)
            #expect(entries[1].planDigest == status.applied?.planDigest)
            #expect(entries[1].at == status.applied?.at)
            let digest = try #require(entries[2].digest)
            #expect(try bench.history.bytes(of: digest) == Array(text(1).utf8))
        }
    }

    @Test func `a rollback is applied as one`() async throws {
        try await Workbench.with { bench in
            try bench.write(text(1), to: "night.yaml")
            try bench.link(to: "night.yaml")
            _ = await bench.loader.reconcile()
            try bench.write(text(2), to: "night.yaml")
            _ = await bench.loader.reconcile()
            bench.history.flush()
            try await repository(bench).rollback(steps: 1)
            let status = await bench.loader.reconcile()
            #expect(status.applied?.source == .rollback)
            #expect(bench.core.plan.strengths == [3: 1])
            try bench.write(text(2), to: "night.yaml")
            #expect(await bench.loader.reconcile().applied?.source == .directory)
        }
    }

    @Test func `a rollback to what runs already marks no later change`() async throws {
        try await Workbench.with { bench in
            try bench.write(text(1), to: "night.yaml")
            try bench.link(to: "night.yaml")
            _ = await bench.loader.reconcile()
            bench.history.flush()
            try bench.write("steering: [", to: "night.yaml")
            _ = await bench.loader.reconcile()
            try await repository(bench).rollback(steps: 0)
            #expect(await bench.loader.reconcile().state == .ok)
            try bench.write(text(2), to: "night.yaml")
            _ = await bench.loader.reconcile()
            try bench.write(text(1), to: "night.yaml")
            #expect(await bench.loader.reconcile().applied?.source == .directory)
        }
    }

    @Test func `what could not be written is written when it can be, and nothing twice`() async throws {
        try await Workbench.with { bench in
            // Nothing takes the place of a folder that holds something, and none can be made in that of a file.
            let status = bench.state.path + "/status.json"
            let folder = bench.state.path + "/history"
            try FileManager.default.createDirectory(atPath: status + "/x", withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: folder))
            try bench.link(to: "night.yaml")
            try await bench.following(pollingEvery: .milliseconds(20)) {
                for strength in 1...3 {
                    try bench.write(text(Double(strength)), to: "night.yaml")
                    _ = await bench.loader.reconcile()
                    bench.history.flush()
                }
                #expect(throws: ProfileError.self) { _ = try bench.history.applied() }
                let last = bench.loader.status.applied
                // In one step each, since the loader is at it.
                try FileManager.default.moveItem(atPath: status, toPath: bench.root + "/away")
                try FileManager.default.removeItem(atPath: folder)
                let deadline = ContinuousClock.now + .seconds(30)
                while try StatusFile(in: bench.state).read()?.applied != last || bench.history.applied().count < 3 {
                    guard .now < deadline else { throw DeadlinePassed(description: "neither status nor history") }
                    await Task.yield()
                }
                #expect(try bench.history.applied().map(\.generation) == [3, 2, 1])
            }
        }
    }

    @Test func `live steering is kept as the profile that it would be`() async throws {
        try await Workbench.with { bench in
            _ = await bench.loader.reconcile()
            try await bench.service.steer(by: [3: 4])
            bench.history.flush()
            let entry = try #require(try bench.history.applied().first)
            #expect(entry.id == nil && entry.source == .api)
            let digest = try #require(entry.digest)
            let bytes = try #require(try bench.history.bytes(of: digest))
            #expect(ProfileDecoder.decode(bytes, file: "live").profile?.steering == [3: 4])
        }
    }

    @Test func `a broken file after a restart: the last good steering, degraded, and the count goes on`() async throws {
        try await Workbench.with { bench in
            try bench.write(text(1), to: "night.yaml")
            try bench.link(to: "night.yaml")
            _ = await bench.loader.reconcile()
            try bench.write(text(2), to: "night.yaml")
            _ = await bench.loader.reconcile()
            bench.history.flush()
            try bench.write("steering: [", to: "night.yaml")

            let next = bench.restarted()
            let status = await next.loader.reconcile()
            #expect(status.state == .degraded)
            #expect(status.reason?.code.hasPrefix("P") == true)
            #expect(status.applied?.id?.description == "night")
            #expect(status.applied?.digest == ContentDigest(of: text(2).utf8))
            #expect(status.generation == 3)
            #expect(next.core.plan.strengths == [3: 2])

            try bench.write(text(2), to: "night.yaml")
            let mended = await next.loader.reconcile()
            #expect((mended.state, mended.generation) == (.ok, 3))
            next.history.flush()
            #expect(try next.history.applied().count == 2)
        }
    }

    @Test func `a directory without a link after a restart is unsteered, whatever was applied before`() async throws {
        try await Workbench.with { bench in
            try bench.write(text(1), to: "night.yaml")
            try bench.link(to: "night.yaml")
            _ = await bench.loader.reconcile()
            bench.history.flush()
            try bench.unlink("active")
            let next = bench.restarted()
            let status = await next.loader.reconcile()
            #expect((status.state, status.generation) == (.inactive, 1))
            #expect(next.core.plan.isUnsteered)
        }
    }
}
