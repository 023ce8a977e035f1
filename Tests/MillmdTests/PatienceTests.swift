import Foundation
import MillmTesting
import Testing

/// What others do with the daemon's connections and its log, and that it serves all the same.
@Suite(.timeLimit(.minutes(5)))
struct PatienceTests {
    private static let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

    @Test func `connections that say nothing, or never come to an end, shut nobody out`() async throws {
        let token = FileManager.default.temporaryDirectory.appendingPathComponent("token \(UUID().uuidString)")
        try Data("s".utf8).write(to: token)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: token.path)
        defer { try? FileManager.default.removeItem(at: token) }
        try await RunningDaemon.with(["--token-file", token.path]) { daemon in
            let port = try #require(Int(daemon.address.split(separator: ":").last ?? ""))
            let beginnings = [
                "", "GET /healthz HTTP/1.1\r\nHost: loc",
                "POST /api/profiles HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{",
            ]
            var sockets: [RawSocket] = []
            let start = ContinuousClock.now
            for number in 0..<700 {
                sockets.append(try RawSocket(port: port))
                await sockets[number].send(beginnings[number % beginnings.count])
            }
            let late = try RawSocket(port: port)
            await late.send(Self.request)
            #expect(await late.read(until: "ok")?.hasPrefix("HTTP/1.1 200 ") == true)
            // It got its answer before the first of the others was out of time.
            #expect(ContinuousClock.now - start < .seconds(10))
            // The oldest had to go, the newest did not.
            #expect(await sockets[0].readToEnd() == "")
            await sockets[697].send("alhost\r\n\r\n")
            #expect(await sockets[697].read(until: "ok")?.hasPrefix("HTTP/1.1 200 ") == true)
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

    @Test func `answers that take too long when the daemon ends tell so`() async throws {
        try await RunningDaemon.with { daemon in
            let port = try #require(Int(daemon.address.split(separator: ":").last ?? ""))
            var sockets: [RawSocket] = []
            for isStream in [false, true] {
                // Random words, which come to no end by themselves.
                let body = #"{"prompt":"Once","max_tokens":4000,"temperature":2,"n":4,"stream":\#(isStream)}"#
                let socket = try RawSocket(port: port)
                await socket.send(
                    "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
                )
                sockets.append(socket)
            }
            let start = ContinuousClock.now
            let count = "curl -sS '\(daemon.address)/metrics' | grep '^millm_active_sequences'"
            while try await daemon.shell(count).output != "millm_active_sequences 8\n" {
                try #require(ContinuousClock.now - start < .seconds(60))
            }
            async let status = daemon.stop()
            let whole = try #require(await sockets[0].readToEnd())
            #expect(whole.hasPrefix("HTTP/1.1 503 "), "\(whole)")
            #expect(whole.contains(#""code":"unavailable""#), "\(whole)")
            #expect(whole.lowercased().contains("retry-after: 1\r\n"))
            let stream = try #require(await sockets[1].readToEnd())
            #expect(stream.hasPrefix("HTTP/1.1 200 "), "\(stream.prefix(200))")
            #expect(stream.suffix(300).contains(#""code":"unavailable""#), "\(stream.suffix(300))")
            #expect(stream.hasSuffix("\r\n0\r\n\r\n"))
            #expect(await status == 0)
        }
    }
}
