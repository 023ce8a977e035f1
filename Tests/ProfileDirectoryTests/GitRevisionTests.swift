import Foundation
import Glibc
import Profiles
import Testing

@testable import ProfileDirectory

/// Against the real git.
@Suite struct GitRevisionTests {
    @discardableResult
    private func git(_ arguments: String..., in folder: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["git", "-C", folder] + arguments
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder,
            "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "git \(arguments)")
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func `the commit is found in every way that git keeps it`() async throws {
        try await withProfiles { directory in
            #expect(GitRevision.head(ofWorkTreeAt: directory.path) == nil)
            try git("init", "-q", "-b", "main", in: directory.root)
            #expect(GitRevision.head(ofWorkTreeAt: directory.path) == nil)
            try directory.write("x", to: "a.yaml")
            try git("add", ".", in: directory.root)
            try git("commit", "-q", "-m", "one", in: directory.root)
            let first = try git("rev-parse", "HEAD", in: directory.root)
            #expect(GitRevision.head(ofWorkTreeAt: directory.path) == first)
            try git("pack-refs", "--all", in: directory.root)
            #expect(GitRevision.head(ofWorkTreeAt: directory.path) == first)
            try git("commit", "-q", "--allow-empty", "-m", "two", in: directory.root)
            let second = try git("rev-parse", "HEAD", in: directory.root)
            #expect(GitRevision.head(ofWorkTreeAt: directory.path) == second)
            try git("worktree", "add", "-q", directory.root + "/tree", "-b", "other", first, in: directory.root)
            #expect(GitRevision.head(ofWorkTreeAt: directory.root + "/tree/profiles") == first)
            try git("checkout", "-q", "--detach", first, in: directory.root)
            #expect(GitRevision.head(ofWorkTreeAt: directory.path) == first)
        }
    }

    /// A daemon applies a file before git has noted whose commit it is.
    @Test(.timeLimit(.minutes(5)))
    func `what is applied amid a checkout is of the commit that is checked out`() async throws {
        try await withProfiles { directory in
            try git("init", "-q", "-b", "main", in: directory.root)
            for text in ["one", "two"] {
                try directory.write(text, to: "a.yaml")
                try git("add", "profiles", in: directory.root)
                try git("commit", "-q", "-m", text, in: directory.root)
            }
            let state = try StateDirectory(
                forProfilesIn: directory.path,
                environment: ["XDG_STATE_HOME": directory.root + "/state"]
            )
            let history = AppliedHistory(in: state)
            // Git takes its time over the file.
            try git("config", "filter.slow.smudge", "sleep 0.3; cat", in: directory.root)
            try Data("*.yaml filter=slow\n".utf8).write(to: URL(filePath: directory.root + "/.git/info/attributes"))
            let wanted = try git("rev-parse", "HEAD~1", in: directory.root)
            async let checkout = git("checkout", "-q", "HEAD~1", in: directory.root)
            while unsafe access(directory.root + "/.git/index.lock", F_OK) != 0 { await Task.yield() }
            history.record(
                HistoryRecord(.applied, id: try ProfileID("a"), fileName: "a.yaml", bytes: Array("one".utf8))
            )
            _ = try await checkout
            history.flush()
            #expect(try history.applied().first?.revision == wanted)
        }
    }

    @Test func `what is no repository is no revision, and nothing is waited for`() async throws {
        try await withProfiles { directory in
            #expect(unsafe mkfifo(directory.path + "/.git", 0o600) == 0)
            #expect(GitRevision.head(ofWorkTreeAt: directory.path) == nil)
            try FileManager.default.removeItem(atPath: directory.path + "/.git")
            try directory.write("gitdir: .\n", to: ".git")
            try directory.write("ref: HEAD\n", to: "HEAD")
            #expect(GitRevision.head(ofWorkTreeAt: directory.path) == nil)
        }
    }
}
