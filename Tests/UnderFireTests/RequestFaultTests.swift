import Foundation
import MillmTesting
import Testing

/// Faults of the place where the profiles lie, and what a client of the API is told.
@Suite(.serialized) struct RequestFaultTests {
    /// In a mount namespace of its own, and without the superuser's right to pass over permissions.
    private static let launcher =
        ["/usr/bin/unshare", "-m", "--propagation", "private", "/usr/bin/setpriv"]
        + ["--bounding-set", "-dac_override,-dac_read_search"]

    @Test(.enabled(if: geteuid() == 0, "needs to mount"))
    func `a disk that is full, read-only or forbidden is told as such, and works again afterwards`() async throws {
        try await LiveDaemon.with(launcher: Self.launcher) { daemon in
            func inside(_ command: String) async throws {
                let nsenter = ["/usr/bin/nsenter", "-t", "\(daemon.pid)", "-m", "/bin/bash", "-ec", command]
                let outcome = try await run(nsenter, environment: ["P": daemon.profiles])
                try #require(outcome.status == 0, "\(outcome.output)")
            }
            let profile = String(decoding: Version(1, lines: 20).bytes, as: UTF8.self)
            try await inside("mount -t tmpfs -o size=64k,mode=755 none \"$P\"; ln -s p.yaml \"$P/active\"")
            try await inside("cat > \"$P/p.yaml\" <<'END'\n\(profile)\nEND")

            let faults = [
                ("head -c 1M /dev/zero > \"$P/.fill\" || true", "rm \"$P/.fill\"", "STORAGE_FULL 507"),
                ("mount -o remount,ro \"$P\"", "mount -o remount,rw \"$P\"", "STORAGE_READ_ONLY 503"),
                ("chmod 555 \"$P\"", "chmod 755 \"$P\"", "STORAGE_FORBIDDEN 503"),
                ("chmod 0 \"$P\"", "chmod 755 \"$P\"", "STORAGE_FORBIDDEN 503"),
                ("umount -l \"$P\"; mv \"$P\" \"$P.away\"", "mv \"$P.away\" \"$P\"", "STORAGE_GONE 503"),
            ]
            for (cause, remedy, told) in faults {
                try await inside(cause)
                for request in LiveDaemon.writes {
                    let answer = try await daemon.ask(request).code
                    #expect(answer == told, "\(cause): \(request)")
                }
                try await inside(remedy)
                #expect(try await daemon.ask(LiveDaemon.writes[0]).code == " 200")
            }
        }
    }

    @Test func `descriptors that have run out are told as such, and requests are served when there are some`()
        async throws
    {
        try await LiveDaemon.with { daemon in
            // A connection that is open already needs no descriptor; the work on files does.
            let socket = try RawSocket(port: try #require(Int(daemon.address.split(separator: ":").last ?? "")))
            let request = "GET /api/profiles/p HTTP/1.1\r\nHost: localhost\r\n\r\n"
            await socket.send(request)
            #expect(await socket.read(until: "\"success\":true}") != nil)
            let limit = try await shell("ulimit -n", in: "/").trimmingCharacters(in: .whitespacesAndNewlines)
            let free = "n=0; while [ -e /proc/\(daemon.pid)/fd/$n ]; do n=$((n + 1)); done; echo $n"
            try await shell("prlimit --pid \(daemon.pid) --nofile=$(\(free)):", in: "/")
            await socket.send(request)
            let refused = await socket.read(until: "\"success\":false}") ?? ""
            #expect(refused.hasPrefix("HTTP/1.1 503 "), "\(refused)")
            #expect(refused.contains("TOO_MANY_OPEN_FILES"), "\(refused)")
            #expect(refused.lowercased().contains("retry-after: 1\r\n"), "\(refused)")
            try await shell("prlimit --pid \(daemon.pid) --nofile=\(limit):", in: "/")
            await socket.send(request)
            #expect(await socket.read(until: "\"success\":true}")?.hasPrefix("HTTP/1.1 200 ") == true)
        }
    }
}
