import Foundation
import MillmTesting
import ProfileDirectory
import Profiles
import Reconciliation
import Steering
import Testing

/// Every way in which people's tools save a file, with the tools themselves.
@Suite(.serialized) struct SaveMatrixTests {
    @Test(arguments: SavePattern.tools)
    func `what a tool saves is applied, whole, and nothing else`(pattern: SavePattern) async throws {
        let first = Version(1)
        try await FiringRange.open { root in
            try Data(first.bytes).write(to: URL(filePath: root + "/profiles/p.yaml"))
            try await shell("ln -s p.yaml active; \(pattern.preparation)", in: root + "/profiles")
        } _: { range in
            try await range.applied(first.digest)
            let observer = try EventObserver([range.profiles])
            defer { observer.stop() }
            var wanted = [first.digest]
            var latencies = Latencies()
            for strength in 2..<(2 + Scale.count(3, full: 25)) {
                try await save(Version(strength), by: pattern, in: range)
                let digest = try range.activeDigest()
                try await range.applied(digest)
                let time = try #require(range.core.applies.last { $0.origin?.digest == digest }?.time)
                if let event = observer.last(of: pattern.names, until: time) { latencies.add(event.duration(to: time)) }
                wanted.append(digest)
            }
            #expect(Set(wanted).count == wanted.count, "a save did not change the file")
            #expect(unexpected(in: range.core.digests, wanted: wanted).isEmpty)
            #expect(range.loader.status.counters.rejections == 0)
            Scale.report("\(pattern.name): last event → applied \(latencies)")
        }
    }

    private func save(_ version: Version, by pattern: SavePattern, in range: FiringRange) async throws {
        let next = range.outside + "/next.yaml"
        try Data(version.bytes).write(to: URL(filePath: next))
        // A file system of its own, in memory.
        let elsewhere = "/dev/shm/millm-\(UUID().uuidString).yaml"
        try Data(version.bytes).write(to: URL(filePath: elsewhere))
        defer { try? FileManager.default.removeItem(atPath: elsewhere) }
        let strength = version.text.firstMatch(of: /3: (\d+)/)?.1 ?? ""
        try await shell(
            pattern.command,
            in: range.profiles,
            environment: [
                // Quoted once more by the shell, for the path holds a space.
                "NEXT": "../outside/next.yaml", "ELSEWHERE": elsewhere, "S": String(strength), "MILLM": Products.millm,
            ]
        )
    }

    /// What was applied besides the versions that were saved, each at its turn.
    ///
    /// A tool may pass through a version that was saved before: `git stash` does.
    private func unexpected(in applied: [ContentDigest], wanted: [ContentDigest]) -> [ContentDigest] {
        applied.filter { !wanted.contains($0) }
    }
}
