import Foundation
import MillmTesting
import ProfileDirectory
import Profiles
import Testing

/// A daemon of another user than the one whose files it reads: the kernel does not tell it who writes them.
@Suite(.serialized, .enabled(if: geteuid() == 0, "needs files of another user"))
struct StrangerTests {
    /// Root may do what the owner may; these rights are what makes the difference.
    private static func launcher(without rights: String) -> [String] {
        ["/usr/bin/setpriv", "--bounding-set", rights]
    }

    private static func give(_ path: String) throws {
        try RawFile.check(unsafe chown(path, 65534, 65534), "chown")
    }

    private static func othersDirectory(_ root: String) async throws {
        try await LiveDaemon.plainDirectory(root)
        try give(root + "/profiles/p.yaml")
    }

    @Test func `what is written in two pieces is applied when it is closed, and never by halves`() async throws {
        let launcher = Self.launcher(without: "-lease")
        try await LiveDaemon.with(launcher: launcher, poll: 0.1, prepare: Self.othersDirectory) { daemon in
            let path = daemon.profiles + "/p.yaml"
            var generation = try await daemon.applied(Version(1, lines: 20)).generation
            var times: [Duration] = []
            for number in 2..<5 {
                let version = Version(number, lines: 20)
                let half = version.bytes.count / 2
                if number != 3 { try RawFile.unlink(path) }
                do {
                    let file = try RawFile.open(path, O_WRONLY | O_CREAT | O_TRUNC)
                    try Self.give(path)
                    try RawFile.write(version.bytes[..<half], to: file)
                    // Longer than it may take to notice that nobody is writing.
                    try await Task.sleep(for: .milliseconds(300))
                    try RawFile.write(version.bytes[half...], to: file)
                }
                let start = ContinuousClock.now
                // As vim does; it writes nothing.
                try RawFile.check(unsafe chmod(path, 0o644), "chmod")
                let status = try await daemon.applied(version)
                times.append(.now - start)
                generation += 1
                #expect(status.generation == generation, "\(number)")
            }
            for number in 5..<8 {
                let version = Version(number, lines: 20)
                try RawFile.write(version.bytes, toNew: daemon.outside + "/p.yaml")
                try Self.give(daemon.outside + "/p.yaml")
                let start = ContinuousClock.now
                // `millm` exchanges the two.
                let put = number == 5 ? RawFile.rename : RawFile.exchange
                try put(daemon.outside + "/p.yaml", path)
                try await daemon.applied(version)
                times.append(.now - start)
            }
            Scale.report("another user's file, closed or renamed to applied: \(times)")
            // Who knows that it is whole need not wait until it has rested.
            #expect(times.sorted()[times.count / 2] < Completeness.uncertain.rest)
        }
    }

    @Test func `a chat waits until the profile that it names has rested`() async throws {
        try await LiveDaemon.with(launcher: Self.launcher(without: "-lease")) { daemon in
            let body = #"{"profile":"q","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}"#
            let answer = try await shell(
                """
                { printf 'version: 1\\nname: Q\\nsteering:\\n  3: 1\\n'; chown 65534 q.yaml; sleep 0.3; printf '  4: 1\\n'; } >q.yaml &
                until [ "$(stat -c %s-%u q.yaml 2>/dev/null)" = 36-65534 ]; do sleep 0.01; done
                curl -sS -H 'Content-Type: application/json' -d '\(body)' \(daemon.address)/v1/chat/completions
                wait
                """,
                in: daemon.profiles
            )
            #expect(answer.contains(#""features":2"#), "\(answer)")
        }
    }

    @Test func `a file 'active' counts as soon as it is closed`() async throws {
        func prepare(_ root: String) async throws {
            for number in 1...2 {
                try RawFile.write(Version(number, lines: 20).bytes, toNew: root + "/profiles/p\(number).yaml")
            }
            try await shell("printf p1 >active; touch -d '1 minute ago' *; chown 65534 *", in: root + "/profiles")
        }
        let launcher = Self.launcher(without: "-lease")
        try await LiveDaemon.with(launcher: launcher, prepare: prepare) { daemon in
            try await daemon.applied(Version(1, lines: 20))
            var times: [Duration] = []
            for number in [2, 1, 2, 1, 2] {
                do {
                    let file = try RawFile.open(daemon.profiles + "/active", O_WRONLY | O_TRUNC)
                    try RawFile.write(Array("p\(number)".utf8)[...], to: file)
                }
                let start = ContinuousClock.now
                try await daemon.applied(Version(number, lines: 20))
                times.append(.now - start)
            }
            Scale.report("another user's file 'active', closed to applied: \(times)")
            #expect(times.sorted()[times.count / 2] < Completeness.uncertain.rest)
        }
    }

    @Test func `what is written through a mapping is found by the poll`() async throws {
        let launcher = Self.launcher(without: "-lease")
        try await LiveDaemon.with(launcher: launcher, poll: 0.1, prepare: Self.othersDirectory) { daemon in
            let (first, second) = (Version(2, lines: 20), Version(3, lines: 20))
            try RawFile.link(daemon.profiles + "/p.yaml", daemon.outside + "/p.yaml")
            try #require(first.bytes.count == second.bytes.count)
            try await RawFile.mapping(first.bytes.count, of: daemon.outside + "/p.yaml") { write in
                write(first.bytes)
                try await daemon.applied(first)
                // The file's times tell of the first write to a page alone; they must be old ones.
                try await Task.sleep(for: .milliseconds(2500))
                write(second.bytes)
                try await daemon.applied(second)
            }
        }
    }

    @Test func `a link that it cannot watch is polled, and the mode says so`() async throws {
        let launcher = Self.launcher(without: "-dac_override,-dac_read_search")
        func prepare(_ root: String) async throws {
            try await LiveDaemon.plainDirectory(root)
            try await shell(
                "mkdir closed closed/v1 closed/v2; mv profiles closed/v1/; ln -s v1 closed/current",
                in: root
            )
            try await shell("cp -r closed/v1/profiles closed/v2/; ln -s closed/current/profiles profiles", in: root)
            try Data(Version(2, lines: 20).bytes).write(to: URL(filePath: root + "/closed/v2/profiles/p.yaml"))
            try await shell("chown 65534 closed; chmod 711 closed", in: root)
        }
        try await LiveDaemon.with(launcher: launcher, poll: 0.1, prepare: prepare) { daemon in
            #expect(try await daemon.applied(Version(1, lines: 20)).mode == .polling)
            try await shell("ln -sfn v2 closed/current", in: daemon.root)
            try await daemon.applied(Version(2, lines: 20))
        }
    }

    @Test func `a relative path is followed and watched when an ancestor is moved`() async throws {
        let script = """
            arguments=()
            for argument in "$@"; do
                case "$argument" in */profiles) root=${argument%/profiles}; argument=profiles;; esac
                arguments+=("$argument")
            done
            mkdir "$root/before"; mv "$root/profiles" "$root/before/"; cd "$root/before"
            exec "${arguments[@]}"
            """
        try await LiveDaemon.with(launcher: ["/bin/bash", "-ec", script, "bash"]) { daemon in
            try await shell("mv before after", in: daemon.root)
            let version = Version(2, lines: 20)
            let path = daemon.root + "/after/profiles/p.yaml"
            try Data(version.bytes).write(to: URL(filePath: path), options: .atomic)
            let deadline = ContinuousClock.now + .seconds(30)
            var status = try await daemon.served
            while status.applied?.digest != version.digest, .now < deadline { status = try await daemon.served }
            #expect(status.applied?.digest == version.digest)
            #expect(status.mode == .inotify)
        }
    }
}
