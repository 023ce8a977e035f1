import Foundation
import Glibc
import MillmTesting
import ProfileDirectory
import Profiles
import Testing

/// Two daemons and one directory.
@Suite(.serialized) struct RivalTests {
    @Test(arguments: [false, true])
    func `a daemon whose directory is another's by now writes nothing until it is its own again`(
        sharesState: Bool
    ) async throws {
        try await LiveDaemon.with(poll: 0.1) { daemon in
            try await daemon.applied(Version(1, lines: 20))
            try await shell("mkdir -p rival/profiles rival/outside", in: daemon.root)
            if sharesState { try await shell("ln -s ../state rival/state", in: daemon.root) }
            let rivalRoot = daemon.root + "/rival"
            try Data(Version(2, lines: 20).bytes).write(to: URL(filePath: rivalRoot + "/profiles/p.yaml"))
            try await shell("ln -s p.yaml active", in: rivalRoot + "/profiles")
            let rival = try await LiveDaemon(root: rivalRoot, launcher: [], poll: 0.1)
            do {
                try await rival.applied(Version(2, lines: 20))
                try await shell("mv profiles old; ln -s rival/profiles profiles", in: daemon.root)
                try await expectRefusals(by: daemon, for: rival)
                try await expectHistory(behind: daemon, of: rival, isThere: sharesState)
            } catch {
                await rival.stop()
                throw error
            }
            // Nothing tells the first one that the second has died but that its claim is gone.
            #expect(kill(rival.pid, SIGKILL) == 0)
            await rival.stop()
            let digest = ContentDigest(of: try Data(contentsOf: URL(filePath: rival.profiles + "/p.yaml")))
            try await daemon.status { $0.state == .ok && $0.applied?.digest == digest }
            for request in LiveDaemon.writes { #expect(try await daemon.ask(request).code == " 200") }
            #expect(try Tree(rival.profiles).description.contains("Late"))
        }
    }

    private func expectRefusals(by daemon: LiveDaemon, for rival: LiveDaemon) async throws {
        let status = try await daemon.status { $0.state == .degraded }
        #expect(status.reason?.code == DiagnosticCode.directoryTaken.code)
        #expect(status.reason?.message.contains("pid \(rival.pid) (millmd)") == true)
        #expect(status.applied?.digest == Version(1, lines: 20).digest)
        let before = try Tree(rival.profiles)
        let others = [
            "-X DELETE /api/profiles/p", "-X POST /api/profiles/p/activate", "-X POST /api/profiles/p/deactivate",
            #"-H 'Content-Type: application/json' -d '{"name":"Now"}' /api/profiles/save-current"#,
        ]
        for request in LiveDaemon.writes + others {
            let (code, body) = try await daemon.ask(request)
            #expect(code == "DIRECTORY_TAKEN 503", "\(request): \(body)")
            #expect(body.contains("pid \(rival.pid) (millmd)"), "\(request): \(body)")
            #expect(body.contains(#""success":false"#), "\(request): \(body)")
        }
        #expect(try Tree(rival.profiles) == before)
        #expect(try await daemon.ask("/api/profiles/p").code == " 200")
        #expect(try await rival.ask(LiveDaemon.writes[0]).code == " 200")
    }

    /// What the first daemon has applied is nothing of the directory that its path leads to now.
    private func expectHistory(behind daemon: LiveDaemon, of rival: LiveDaemon, isThere: Bool) async throws {
        try rival.save(Version(3, lines: 20))
        try await rival.applied(Version(3, lines: 20))
        try Data("name: [".utf8).write(to: URL(filePath: rival.profiles + "/p.yaml"), options: .atomic)
        let before = try Tree(rival.profiles)
        let history = try await daemon.millm("history")
        let rollback = try await daemon.millm("rollback", "0")
        let status = try await daemon.millm("status")
        if isThere {
            #expect(history.status == 0 && rollback.status == 0, "\(history.output)\n\(rollback.output)")
            try await rival.applied(Version(3, lines: 20))
        } else {
            #expect(history.status == 2 && rollback.status == 2 && status.status != 0)
            let forced = try await daemon.millm("activate", "p", "--force")
            #expect(forced.status == 2 && forced.output.contains("pid \(rival.pid)"), "\(forced.output)")
            for outcome in [history, rollback, status] {
                #expect(outcome.output.contains("pid \(rival.pid)"), "\(outcome.output)")
            }
            #expect(try Tree(rival.profiles) == before)
            try await shell("cp old/p.yaml p.tmp; mv p.tmp rival/profiles/p.yaml", in: daemon.root)
            try await rival.applied(Version(1, lines: 20))
        }
    }

    /// A container has namespaces of its own, and often another state folder.
    @Test(arguments: [[], ["/usr/bin/unshare", "-n"]])
    func `a second daemon is told who serves the directory, wherever it runs`(launcher: [String]) async throws {
        try await LiveDaemon.with { daemon in
            try await shell("mkdir -p rival/outside; ln -s ../profiles rival/profiles", in: daemon.root)
            let root = daemon.root + "/rival"
            do {
                let rival = try await LiveDaemon(root: root, launcher: launcher, poll: 0.1)
                await rival.stop()
                Issue.record("Two daemons serve one directory.")
            } catch let error as DeadlinePassed {
                let holder = "The daemon with the pid \(daemon.pid) (millmd) serves this profile directory already"
                #expect(error.description.contains(holder), "\(error)")
            }
            #expect(kill(daemon.pid, SIGKILL) == 0)
            await daemon.stop()
            let next = try await LiveDaemon(root: root, launcher: [], poll: 0.1)
            await next.stop()
        }
    }

    /// Each sees the other before it may serve.
    @Test func `of daemons that start at once exactly one serves`() async throws {
        try await withTemporaryDirectory { root in
            try await shell("mkdir profiles", in: root)
            try await LiveDaemon.plainDirectory(root)
            for index in 0..<4 { try await shell("mkdir -p \(index); ln -s ../profiles \(index)/profiles", in: root) }
            let daemons = await withTaskGroup(of: LiveDaemon?.self) { group in
                for index in 0..<4 {
                    group.addTask { try? await LiveDaemon(root: root + "/\(index)", launcher: [], poll: 3600) }
                }
                return await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
            }
            #expect(daemons.count == 1)
            for daemon in daemons { await daemon.stop() }
        }
    }
}
