import Foundation
import MillmTesting
import Testing

/// What others do with the daemon's connections and its log, and that it serves all the same.
@Suite(.timeLimit(.minutes(5)))
struct PatienceTests {
    private static let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

    @Test func `connections beyond the limit wait until one ends, and the others are served`() async throws {
        try await RunningDaemon.with { daemon in
            let port = try #require(Int(daemon.address.split(separator: ":").last ?? ""))
            var sockets: [RawSocket] = []
            // Connections are accepted in batches, so a few more than 512 may get through.
            for _ in 0..<560 { sockets.append(try RawSocket(port: port)) }
            let late = try RawSocket(port: port)
            await late.send(Self.request)
            for socket in [sockets[0], sockets[511]] {
                await socket.send(Self.request)
                #expect(await socket.read(until: "ok")?.hasPrefix("HTTP/1.1 200 ") == true)
            }
            #expect(!late.hasInput)
            sockets.removeFirst(100)
            #expect(await late.read(until: "ok")?.hasPrefix("HTTP/1.1 200 ") == true)
        }
    }

    @Test func `a log that nobody reads holds up no request and not the end`() async throws {
        // It takes 64 KiB; each request writes a line of over a hundred bytes.
        let log = Pipe()
        try await RunningDaemon.with(["--log-level", "info"], log: log) { daemon in
            let outcome = try await daemon.shell("curl -sS '\(daemon.address)/healthz?[1-1500]' | grep -o ok | wc -l")
            #expect(outcome.output == "1500\n")
            #expect(try await daemon.curl("-X POST /api/profiles/moonlight/activate").status == 200)
            let start = ContinuousClock.now
            #expect(await daemon.stop() == 0)
            #expect(ContinuousClock.now - start < .seconds(9))
        }
        try log.fileHandleForReading.close()
    }
}
