import Foundation
import Glibc
import MillmTesting
import ProfileDirectory
import Profiles
import Testing

/// Faults of the system under the running daemon, which ends where the directory is, or says why it cannot.
@Suite(.serialized) struct DaemonFaultTests {
    @Test func `a queue of events that overflows ends in the last save`() async throws {
        try await LiveDaemon.with { daemon in
            try await daemon.applied(Version(1, lines: 20))
            // A daemon that stands still cannot empty its queue of 16 384 events.
            #expect(kill(daemon.pid, SIGSTOP) == 0)
            let last = Version(2, lines: 20)
            for number in 0..<20_000 {
                let path = daemon.profiles + "/.noise-\(number % 7)-\(number)"
                try RawFile.link(daemon.profiles + "/p.yaml", path)
                try RawFile.unlink(path)
            }
            try daemon.save(last)
            #expect(kill(daemon.pid, SIGCONT) == 0)
            try await daemon.applied(last)
            let status = try await daemon.status { $0.counters.overflows > 0 }
            #expect(status.state == .ok)
            Scale.report("Q_OVERFLOW: \(status.counters.overflows) overflows, converged to the last of 40 000 events")
            try daemon.save(Version(3, lines: 20))
            try await daemon.applied(Version(3, lines: 20))
        }
    }

    @Test(.enabled(if: geteuid() == 0, "needs to mount"))
    func `a mount over the directory is followed, and an empty one keeps the last good steering`() async throws {
        let launcher = ["/usr/bin/unshare", "-m", "--propagation", "private"]
        try await LiveDaemon.with(launcher: launcher, poll: 0.1) { daemon in
            func inside(_ command: String) async throws {
                let nsenter = ["/usr/bin/nsenter", "-t", "\(daemon.pid)", "-m", "/bin/sh", "-ec", command]
                let outcome = try await run(nsenter, in: "/", environment: ["ROOT": daemon.root])
                try #require(outcome.status == 0, "\(outcome.output)")
            }
            try await daemon.applied(Version(1, lines: 20))
            let other = Version(2, lines: 20)
            try await shell("mkdir other; ln -s p.yaml other/active", in: daemon.root)
            try Data(other.bytes).write(to: URL(filePath: daemon.root + "/other/p.yaml"))

            try await inside("mount --bind \"$ROOT/other\" \"$ROOT/profiles\"")
            try await daemon.applied(other)
            try RawFile.write(Version(3, lines: 20).bytes, toNew: daemon.root + "/other/p.yaml")
            try await daemon.applied(Version(3, lines: 20))
            try await inside("umount -l \"$ROOT/profiles\"")
            try await daemon.applied(Version(1, lines: 20))

            try await inside("mount -t tmpfs none \"$ROOT/profiles\"")
            let status = try await daemon.status { $0.state == .degraded }
            #expect(status.reason?.code == DiagnosticCode.directoryGone.code)
            #expect(status.applied?.digest == Version(1, lines: 20).digest)
            try await inside("umount -l \"$ROOT/profiles\"")
            try await daemon.applied(Version(1, lines: 20))
        }
    }

    /// What is written in a directory of an image makes a copy of that, which has a birth time of its own.
    @Test(.enabled(if: geteuid() == 0, "needs to mount"))
    func `a directory of a container's image stays the daemon's own when something is written in it`() async throws {
        let script = """
            for argument in "$@"; do case "$argument" in */profiles) root=${argument%/profiles};; esac; done
            cp -a "$root/profiles" "$root/image"; mount -t tmpfs none "$root/outside"
            mkdir "$root/outside/upper" "$root/outside/work"
            mount -t overlay overlay \
                -o "lowerdir=$root/image,upperdir=$root/outside/upper,workdir=$root/outside/work" "$root/profiles"
            exec "$@"
            """
        let launcher = ["/usr/bin/unshare", "-m", "--propagation", "private", "/bin/bash", "-ec", script, "bash"]
        // Their options allow neither a space nor a comma in a path.
        try await LiveDaemon.with(launcher: launcher, poll: 0.1) { daemon in
            try await daemon.applied(Version(1, lines: 20))
            for request in LiveDaemon.writes { #expect(try await daemon.ask(request).code == " 200") }
            let inside = ["/usr/bin/nsenter", "-t", "\(daemon.pid)", "-m", "/bin/sh", "-ec"]
            let outcome = try await run(
                inside + ["cd '\(daemon.profiles)'; touch x; sed -i 's/^name:.*/name: Other/' p.yaml"]
            )
            try #require(outcome.status == 0, "\(outcome.output)")
            let status = try await daemon.status {
                $0.state == .ok && $0.applied?.digest != Version(1, lines: 20).digest
            }
            #expect(status.reason == nil)
        }
    }

    /// FUSE tells this machine of what comes through its own mount alone, as NFS and 9p do.
    @Test(
        .enabled(
            if: geteuid() == 0 && FileManager.default.isWritableFile(atPath: "/dev/fuse"),
            "needs to mount, and /dev/fuse"
        )
    )
    func `on a file system that does not tell of others' writes it polls, and says so`() async throws {
        try await withTemporaryDirectory { root in
            try await shell("mkdir profiles outside source; \(Self.mount)", in: root)
            do {
                try await LiveDaemon.plainDirectory(root)
                let daemon = try await LiveDaemon(root: root, launcher: [], poll: 0.1)
                do {
                    try await follow(daemon, on: root + "/source")
                } catch {
                    await daemon.stop()
                    throw error
                }
                await daemon.stop()
            } catch {
                try await shell("umount -l profiles", in: root)
                throw error
            }
            try await shell("umount -l profiles", in: root)
        }
    }

    /// It goes on in the background, and must keep nothing open by which Foundation tells that the shell has ended.
    private static let mount = """
        (for f in /proc/self/fd/*; do n=${f##*/}; [ $n -lt 3 ] || eval "exec $n>&-"; done; bindfs source profiles) \\
            > bindfs-log 2>&1 < /dev/null
        """

    private func follow(_ daemon: LiveDaemon, on source: String) async throws {
        let status = try await daemon.applied(Version(1, lines: 20))
        #expect(status.mode == .polling)
        // Below the mount, and through it.
        try Data(Version(2, lines: 20).bytes).write(to: URL(filePath: source + "/p.yaml"), options: .atomic)
        try await daemon.applied(Version(2, lines: 20))
        try daemon.save(Version(3, lines: 20))
        try await daemon.applied(Version(3, lines: 20))
        // This machine knows who has a file open all the same.
        let writer = try FileHandle(forWritingTo: URL(filePath: daemon.profiles + "/p.yaml"))
        let refused = try await daemon.millm("set", "p", "3=77")
        #expect(refused.status != 0 && refused.output.contains("writing"), "\(refused.output)")
        try writer.close()
        let outcome = try await daemon.millm("set", "p", "3=77")
        #expect(outcome.status == 0, "\(outcome.output)")
        let changed = ContentDigest(of: try Data(contentsOf: URL(filePath: source + "/p.yaml")))
        try await daemon.status { $0.state == .ok && $0.applied?.digest == changed }

        // The server goes away: a fault, and no deactivation.
        try await shell("umount -l profiles", in: daemon.root)
        let gone = try await daemon.status { $0.state == .degraded }
        #expect(gone.reason?.code == DiagnosticCode.directoryGone.code)
        #expect(gone.applied?.digest == changed)
        try await shell(Self.mount, in: daemon.root)
        try await daemon.status { $0.state == .ok && $0.applied?.digest == changed }
    }

    @Test func `without inotify instances it polls, says so, and returns to inotify when there are some`() async throws
    {
        // The limit is one of the user namespace; nobody else is touched.
        let limit = "/proc/sys/user/max_inotify_instances"
        let launcher = ["/usr/bin/unshare", "-U", "-r", "/bin/sh", "-ec", "echo 0 > \(limit); exec \"$@\"", "sh"]
        try await LiveDaemon.with(launcher: launcher, poll: 0.1) { daemon in
            let status = try await daemon.applied(Version(1, lines: 20))
            #expect(status.mode == .polling)
            try daemon.save(Version(2, lines: 20))
            try await daemon.applied(Version(2, lines: 20))
            let nsenter = ["/usr/bin/nsenter", "-t", "\(daemon.pid)", "-U", "--preserve-credentials"]
            let outcome = try await run(nsenter + ["/bin/sh", "-ec", "echo 128 > \(limit)"])
            try #require(outcome.status == 0, "\(outcome.output)")
            try await daemon.status { $0.mode == .inotify }
            try daemon.save(Version(3, lines: 20))
            try await daemon.applied(Version(3, lines: 20))
        }
    }

    /// A fault of many of the daemon's calls on the directory: every n-th fails, or the first ones.
    @Test(
        arguments: [
            "openat:error=EMFILE:when=3+13", "openat:error=EACCES:when=5+11", "pread64:error=EIO:when=2+5",
            "readlinkat:error=EIO:when=2+7", "statx:error=EIO:when=4+23", "fcntl:error=ENOLCK",
            "inotify_init1:error=EMFILE:when=1..3", "inotify_add_watch:error=ENOSPC:when=1..9",
            "inotify_add_watch:error=ENOSPC:when=5+2",
        ].prefix(Scale.isFull ? 9 : 3)
    )
    func `calls that fail now and then cost time and nothing else`(injection: String) async throws {
        try await LiveDaemon.with(launcher: Self.strace(injection), poll: 0.1) { daemon in
            var degraded = 0
            for number in 2..<(2 + Scale.count(5, full: 40)) {
                let version = Version(number, lines: 20)
                try daemon.save(version)
                let status = try await daemon.status { status in
                    if status.state == .degraded, status.reason?.message.isEmpty == false { degraded += 1 }
                    return status.state == .ok && status.applied?.digest == version.digest
                }
                #expect(status.desired?.digest == version.digest)
            }
            Scale.report("daemon, \(injection): converged; degraded with a reason in \(degraded) looks")
        }
    }

    @Test func `a status that cannot be written is warned of, and steering goes on`() async throws {
        try await LiveDaemon.with(launcher: Self.strace("write:error=ENOSPC:when=3+1", on: "status")) { daemon in
            for number in 2..<5 { try daemon.save(Version(number, lines: 20)) }
            let last = Version(5, lines: 20)
            try daemon.save(last)
            let deadline = ContinuousClock.now + .seconds(30)
            var body = ""
            while !body.contains(last.digest.description), .now < deadline {
                body = try await get(daemon.address + "/api/status")
            }
            #expect(body.contains(last.digest.description), "\(body)")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "needs to mount"))
    func `a full disk under the state keeps the status true, and who cannot go on says why`() async throws {
        let script = """
            for argument in "$@"; do case "$argument" in */profiles) root=${argument%/profiles};; esac; done
            mkdir "$root/state"; mount -t tmpfs -o size=300k none "$root/state"; exec "$@"
            """
        let launcher = ["/usr/bin/unshare", "-m", "--propagation", "private", "/bin/bash", "-ec", script, "bash"]
        try await LiveDaemon.with(launcher: launcher) { daemon in
            func inside(_ command: String) async throws -> Outcome {
                try await run(
                    ["/usr/bin/nsenter", "-t", "\(daemon.pid)", "-m", "/bin/bash", "-c", command],
                    environment: ["XDG_STATE_HOME": daemon.root + "/state", "MILLM_PROFILES": daemon.profiles]
                        .merging(["STATE": daemon.root + "/state", "MILLM": Products.millm]) { $1 }
                )
            }
            try daemon.save(Version(2, lines: 20), as: "q.yaml")
            let saved = try await inside("head -c 1M /dev/zero > \"$STATE/fill\"; \"$MILLM\" activate q --wait")
            #expect(saved.status == 0, "\(saved.output)")
            let status = try await inside("\"$MILLM\" status")
            #expect(status.status == 0 && status.output.contains("applied  q"), "\(status.output)")
            // What it would displace has to be kept.
            try daemon.save(Version(3, lines: 20))
            let refused = try await inside("\"$MILLM\" rollback 0")
            #expect(refused.status == 2)
            #expect(refused.output.contains("no space is left on the device"), "\(refused.output)")
            #expect(daemon.log.contains("no space is left on the device"), "\(daemon.log)")
            #expect(try await daemon.served.applied?.digest == Version(2, lines: 20).digest)
        }
    }

    @Test func `a state folder that somebody has removed is made anew`() async throws {
        try await LiveDaemon.with(poll: 0.1) { daemon in
            try await daemon.applied(Version(1, lines: 20))
            try await shell("rm -r state", in: daemon.root)
            try await daemon.applied(Version(1, lines: 20))
            let outcome = try await daemon.millm("activate", "p", "--wait")
            #expect(outcome.status == 0, "\(outcome.output)")
            // What runs is written there again, or a restart amid an invalid edit would forget it.
            try await daemon.millm("history", showing: "applied by directory")
            try daemon.save(Version(2, lines: 20))
            try await daemon.applied(Version(2, lines: 20))
            #expect(try await daemon.millm("history").output.contains("applied by directory"))
        }
    }

    private static func strace(_ injection: String, on what: String = "profiles") -> [String] {
        let call = injection.prefix { $0 != ":" }
        return [
            "/bin/bash", "-ec",
            """
            for argument in "$@"; do case "$argument" in */profiles) directory=$argument;; esac; done
            paths=(-P "$directory" -P "$directory/p.yaml" -P "$directory/active")
            if [ \(what) = status ]; then
                # The folder's name is the directory's with a part of its path's digest.
                digest=$(printf %s "$directory" | sha256sum | head -c 16)
                paths=(-P "${directory%/profiles}/state/millm/profiles-$digest/.millm-write")
            fi
            case \(call) in inotify*) paths=();; esac
            exec strace -f -qq -o /dev/null -e trace=\(call) "${paths[@]}" -e inject=\(injection) "$@"
            """, "bash",
        ]
    }
}

/// The body of an answer.
func get(_ url: String) async throws -> String {
    let outcome = try await run(["/usr/bin/curl", "-sS", "--max-time", "30", url])
    return outcome.output
}
