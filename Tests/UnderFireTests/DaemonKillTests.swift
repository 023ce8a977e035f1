import Foundation
import Glibc
import MillmTesting
import ProfileDirectory
import Profiles
import Testing

/// Ends the daemon right before each of its writes: of the status, the history, the lock.
@Suite(.serialized) struct DaemonKillTests {
    @Test(.timeLimit(.minutes(Scale.isFull ? 60 : 5)))
    func `a daemon that is killed at any of its writes leaves a state that the next one goes on with`()
        async throws
    {
        try await withTemporaryDirectory { root in
            let bench = DaemonBench(root: root)
            let whole = try await bench.live(killedBefore: nil)
            let calls = whole.calls
            try #require(calls > 5, "\(whole.output)")
            // In full, every one; else some of chance.
            let chosen = Scale.isFull ? Array(1...(calls + 50)) : (0..<4).map { _ in Int.random(in: 1...calls) }
            var kills = 0
            for n in chosen {
                let ending = try await bench.live(killedBefore: n)
                guard ending.killedBefore != nil else {
                    guard Scale.isFull else { continue }
                    break
                }
                kills += 1
                try await bench.check("killed before write \(n) of \(calls)")
            }
            Scale.report("daemon killed before each of its writes: \(kills) kills of \(calls) writes, all went on")
        }
    }
}

private struct DaemonBench {
    let root: String
    private let first = Version(1, lines: 20)
    private let second = Version(2, lines: 20)

    init(root: String) {
        self.root = root
    }

    private var profiles: String { root + "/profiles" }
    private var environment: [String: String] { ["XDG_STATE_HOME": root + "/state"] }
    private var state: StateDirectory {
        get throws { try StateDirectory(forProfilesIn: profiles, environment: environment) }
    }

    /// One life of a daemon: it starts on a directory, follows three changes, and ends or is killed.
    func live(killedBefore n: Int?) async throws -> Tracing.Ending {
        try await shell("rm -rf profiles state output; mkdir profiles; ln -s p.yaml profiles/active", in: root)
        try Data(first.bytes).write(to: URL(filePath: profiles + "/p.yaml"))
        let output = root + "/output"
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await change(whileServing: output) }
            // Once the daemon is dead, what waits for it is given up.
            defer { group.cancelAll() }
            return try await Tracing.run(
                LiveDaemon.arguments(root: root, poll: 3600),
                environment: environment,
                output: output,
                scope: .changes(below: [root]),
                killingBefore: n
            )
        }
    }

    /// Makes three changes, each when the last one has been followed, and ends the daemon.
    private func change(whileServing output: String) async throws {
        let statusFile = StatusFile(in: try state)
        func wait(_ condition: (LoaderStatus) -> Bool) async throws -> Int32 {
            while true {
                if let status = try? statusFile.read(), condition(status) { return status.pid }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        while !((try? String(contentsOfFile: output, encoding: .utf8))?.contains("http://") ?? false) {
            try await Task.sleep(for: .milliseconds(5))
        }
        _ = try await wait { $0.state == .ok }
        try Data(second.bytes).write(to: URL(filePath: profiles + "/p.yaml"), options: .atomic)
        _ = try await wait { $0.applied?.digest == second.digest }
        try Data("version: 1\n".utf8).write(to: URL(filePath: profiles + "/p.yaml"), options: .atomic)
        _ = try await wait { $0.state == .degraded }
        try RawFile.unlink(profiles + "/active")
        let pid = try await wait { $0.state == .inactive }
        kill(pid, SIGTERM)
    }

    /// Nothing is broken, and another daemon brings the core to what the directory says.
    func check(_ what: String) async throws {
        try checkState(what)
        let list = try await run([Products.millm, "--profiles", profiles, "list"], environment: environment)
        #expect(list.status == 0, "\(what): \(list.output)")
        let status = try await run([Products.millm, "--profiles", profiles, "status"], environment: environment)
        #expect(status.status <= 1 && !status.output.isEmpty, "\(what): \(status.output)")

        try Data(second.bytes).write(to: URL(filePath: profiles + "/p.yaml"), options: .atomic)
        try await shell("ln -sfn p.yaml active", in: profiles)
        let daemon = try await LiveDaemon(root: root, launcher: [], poll: 3600)
        let after = try await daemon.applied(second)
        #expect(after.pid == daemon.pid, "\(what)")
        await daemon.stop()
        let left = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        #expect(!left.contains { $0.contains("/.millm-write") || $0.contains("/.millm-active") }, "\(what): \(left)")
    }

    /// What the daemon has written is as it was at some instant of a life that nobody ended: the status is one of those
    /// that there were, the history the first of its entries, with their bytes.
    private func checkState(_ what: String) throws {
        let history = AppliedHistory(in: try state)
        let entries = try history.applied()
        let all: [ContentDigest?] = [first.digest, second.digest, nil]
        #expect(entries.reversed().map(\.digest) == Array(all.prefix(entries.count)), "\(what)")
        #expect(entries.reversed().map(\.generation) == Array([1, 2, 3].prefix(entries.count)), "\(what)")
        for digest in entries.compactMap(\.digest) { #expect(try history.bytes(of: digest) != nil, "\(what)") }
        guard let status = try StatusFile(in: try state).read() else { return }
        let sight = "\(status.state.rawValue) \(status.generation) \(status.desired?.id.description ?? "none")"
        let sights = ["inactive 0 none", "ok 1 p", "ok 2 p", "degraded 2 p", "inactive 3 none"]
        #expect(sights.contains(sight), "\(what)")
    }
}
