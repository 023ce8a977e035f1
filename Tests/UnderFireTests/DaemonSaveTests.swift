import Foundation
import MillmTesting
import ProfileDirectory
import Profiles
import Testing

/// The matrix of ``SaveMatrixTests`` and ``RawSaveMatrixTests`` once more, a few saves each, followed by the real
/// `millmd` with the real model.
@Suite(.serialized) struct DaemonSaveTests {
    @Test(.timeLimit(.minutes(Scale.isFull ? 60 : 10)))
    func `the daemon applies what each way of saving leaves, and nothing else`() async throws {
        try await LiveDaemon.with { daemon in
            let bench = SaveBench(daemon: daemon)
            // In every run some of them, by turns.
            let start = Int.random(in: 0..<4)
            func isChosen(_ index: Int) -> Bool { Scale.isFull || index % 4 == start }
            var saves = 0
            for (index, pattern) in SavePattern.tools.enumerated() where isChosen(index) {
                saves += try await bench.follow(pattern.name, preparation: pattern.preparation) { version in
                    try await pattern.save(version, in: daemon.profiles)
                }
            }
            for (index, raw) in RawSave.all.enumerated() where isChosen(index) {
                saves += try await bench.follow(raw.name, preparation: "") { [profiles = daemon.profiles] version in
                    try await onThread { try raw.save(profiles, version.bytes) }
                }
            }
            Scale.report("the real daemon: \(saves) saves by all ways, each applied, of no writer: 0")
        }
    }
}

private struct SaveBench {
    let daemon: LiveDaemon

    /// Makes some saves in a directory of their own, and follows them.
    ///
    /// - Returns: How many.
    func follow(_ name: String, preparation: String, by save: (Version) async throws -> Void) async throws -> Int {
        // As git does with all of a work tree: the daemon goes on meanwhile.
        try await shell("find . -mindepth 1 -delete", in: daemon.profiles)
        try await daemon.status { $0.state != .ok }
        let first = Version(1, lines: 20)
        try Data(first.bytes).write(to: URL(filePath: daemon.profiles + "/p.yaml"))
        try await shell("ln -s p.yaml active; \(preparation)", in: daemon.profiles)
        let before = try await daemon.applied(first)
        let rejectionsBefore = rejections
        var versions = [first.digest]
        for number in 2..<(2 + Scale.count(1, full: 5)) {
            try await save(Version(number, lines: 20))
            let digest = try activeDigest
            try await daemon.status { $0.state == .ok && $0.applied?.digest == digest }
            versions.append(digest)
        }
        let after = try await daemon.status { $0.state == .ok }
        #expect(rejections == rejectionsBefore, "\(name)")
        let applied = try await applied(from: before.generation, through: after.generation)
        // Where `active` itself is taken away for a while, it may be followed.
        #expect(applied.allSatisfy { $0.map(versions.contains) ?? name.hasPrefix("active") }, "\(name)")
        return versions.count - 1
    }

    /// How often the daemon has rejected something that was there: on a busy machine a tool may take a file away for
    /// longer than the daemon waits.
    private var rejections: Int {
        daemon.log.split(separator: "\n").count { line in
            line.contains("rejected, the core stays as it is")
                && !line.contains("code=\(DiagnosticCode.activeDangling.code) ")
        }
    }

    /// The digest of what `active` leads to.
    private var activeDigest: ContentDigest {
        get throws {
            guard case .profile(let active) = ActiveProfileReader(path: daemon.profiles).read().desired else {
                throw DeadlinePassed(description: "No profile is active.")
            }
            return active.file.digest
        }
    }

    /// What was applied in these generations, as the history tells, which follows the status.
    private func applied(from first: Int, through last: Int) async throws -> [ContentDigest?] {
        let environment = ["XDG_STATE_HOME": daemon.root + "/state"]
        let history = AppliedHistory(
            in: try StateDirectory(forProfilesIn: daemon.profiles, environment: environment)
        )
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let entries = try history.applied().filter { ($0.generation ?? 0) >= first }
            if entries.contains(where: { $0.generation == last }) { return entries.map(\.digest) }
            guard .now < deadline else {
                throw DeadlinePassed(description: "Generation \(last) is not in the history.")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
