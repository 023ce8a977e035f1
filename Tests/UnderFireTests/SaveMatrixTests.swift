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
                try await pattern.save(Version(strength), in: range.profiles)
                let digest = try range.activeDigest()
                try await range.applied(digest)
                let time = try #require(range.core.applies.last { $0.origin?.digest == digest }?.time)
                if let event = observer.last(of: pattern.names, until: time) { latencies.add(event.duration(to: time)) }
                wanted.append(digest)
            }
            #expect(Set(wanted).count == wanted.count, "a save did not change the file")
            #expect(unexpected(in: range.core.digests, wanted: wanted).isEmpty)
            #expect(try range.rejections == [])
            Scale.report("\(pattern.name): last event → applied \(latencies)")
        }
    }

    /// What was applied besides the versions that were saved, each at its turn.
    ///
    /// A tool may pass through a version that was saved before: `git stash` does.
    private func unexpected(in applied: [ContentDigest], wanted: [ContentDigest]) -> [ContentDigest] {
        applied.filter { !wanted.contains($0) }
    }
}
