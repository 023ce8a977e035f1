import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import MillmTesting
import Testing

@testable import HTTPAPI

/// What clients do on a connection that they should not, and how little it costs.
@Suite(.timeLimit(.minutes(5)))
struct ConnectionTests {
    private func exchange(
        _ text: String,
        finishing: Bool = false,
        _ api: APIUnderTest = APIUnderTest()
    ) async throws -> String {
        try await api.application.test(.live) { server in
            let socket = try RawSocket(port: try #require(server.port))
            await socket.send(text)
            if finishing { socket.finishSending() }
            return try #require(await socket.readToEnd())
        }
    }

    @Test func `a client that has ended its side still gets its answer`() async throws {
        let body = APIUnderTest.chatBody()
        let head = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        for stream in [false, true] {
            let body = stream ? APIUnderTest.chatBody(#""stream":true"#) : body
            let answer = try await exchange(head + "Content-Length: \(body.utf8.count)\r\n\r\n" + body, finishing: true)
            #expect(answer.contains("HTTP/1.1 200 OK\r\n"), "\(answer)")
            #expect(answer.contains(stream ? "[DONE]" : "world big hello"))
        }
    }

    @Test(
        arguments: [
            ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "both lengths"),
            ("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "two lengths"),
            ("Content-Length: -1\r\n\r\n", "a negative length"),
            ("Content-Length: +5\r\n\r\nhello", "a signed length"),
            ("Transfer-Encoding: gzip, chunked, identity\r\n\r\n", "an unknown encoding"),
            ("Transfer-Encoding: chunked\r\n\r\nxyz\r\n", "a chunk without a size"),
            ("X : y\r\n\r\n", "a space before the colon"),
            (" folded: x\r\n\r\n", "a folded line"),
            ("X: a\u{0}b\r\n\r\n", "a NUL"),
        ]
    )
    func `a request that two servers could read in two ways is refused`(rest: String, what: String) async throws {
        let answer = try await exchange("POST /api/profiles HTTP/1.1\r\nHost: localhost\r\n" + rest)
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(what): \(answer)")
        #expect(answer.components(separatedBy: "HTTP/1.1").count == 2, "\(what): \(answer)")
    }

    @Test(arguments: [
        ("get /healthz HTTP/1.1", "in capital letters"), ("GET /api/profiles/é HTTP/1.1", "percent-encode"),
        ("GET /healthz HTTP/3.0", "no other version"), ("GET /healthz HTTP/1.1\r\nContent-Length: x", "not framed"),
    ])
    func `what is wrong with a request's first lines is said`(lines: String, remark: String) async throws {
        let answer = try await exchange(lines + "\r\nHost: localhost\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(answer)")
        #expect(answer.contains(remark), "\(answer)")
    }

    @Test(arguments: ["gzip, chunked", "gzip,chunked", "deflate, CHUNKED"])
    func `a body that is compressed on its way is refused, not misread`(codings: String) async throws {
        let head = "POST /api/profiles HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        let answer = try await exchange(head + "Transfer-Encoding: \(codings)\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 501 "), "\(answer)")
        #expect(answer.contains(#""code":"NOT_IMPLEMENTED""#))
        #expect(answer.components(separatedBy: "HTTP/1.1").count == 2, "\(answer)")
        let plain = try await exchange(
            head + "Connection: close\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
        )
        #expect(plain.hasPrefix("HTTP/1.1 422 "), "\(plain)")
    }

    /// RFC 9112 §3.2: the target's host, if it has one, is the one that counts.
    @Test(
        arguments: [
            ("/api/status", "Host: localhost\r\n", 200), ("/api/status", "Host: localhost\r\nHost: localhost\r\n", 400),
            ("/api/status", "Host: localhost\r\nhOST: evil.example\r\n", 400), ("/api/status", "", 400),
            ("http://localhost/api/status", "Host: evil.example\r\n", 200),
            ("HTTP://127.0.0.1:80/api/status?x=/", "Host: evil.example\r\n", 200),
            ("http://evil.example/api/status", "Host: localhost\r\n", 403),
            ("http://evil.example:80/api/status", "Host: localhost\r\n", 403),
            ("http://localhost.evil.example/api/status", "Host: localhost\r\n", 403),
            ("http://localhost@evil.example/api/status", "Host: localhost\r\n", 400),
            ("http://evil.example?@localhost/api/status", "Host: localhost\r\n", 403),
            ("http:///api/status", "Host: localhost\r\n", 400),
            ("ftp://localhost/api/status", "Host: localhost\r\n", 400),
            ("localhost/api/status", "Host: localhost\r\n", 400), ("*", "Host: localhost\r\n", 400),
            ("//evil.example/api/status", "Host: localhost\r\n", 404), ("http://localhost", "Host: localhost\r\n", 404),
        ]
    )
    func `whom a request addresses is settled before it is judged`(
        target: String,
        hosts: String,
        status: Int
    ) async throws {
        let answer = try await exchange("GET \(target) HTTP/1.1\r\n\(hosts)Connection: close\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
        #expect(answer.contains("\"success\":\(status == 200)"), "\(answer)")
    }

    @Test func `nothing is read behind a request that is refused as a whole`() async throws {
        let refused = "POST /api/profiles HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
        let next = "GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n"
        let answer = try await exchange(refused + next)
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
        #expect(answer.components(separatedBy: "HTTP/1.1 ").count == 2, "\(answer)")
        let afterOthers = try await exchange(next + refused + next)
        #expect(afterOthers.hasPrefix("HTTP/1.1 200 "))
        #expect(afterOthers.components(separatedBy: "HTTP/1.1 200 ").count == 2, "\(afterOthers)")
    }

    @Test func `a client that asks whether to go on is told so at once`() async throws {
        let head = "POST /api/profiles HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        try await APIUnderTest().application.test(.live) { server in
            let socket = try RawSocket(port: try #require(server.port))
            await socket.send(head + "Connection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            #expect(await socket.read(until: "\r\n\r\n")?.hasPrefix("HTTP/1.1 100 Continue\r\n") == true)
            await socket.send("{}")
            #expect(await socket.readToEnd()?.hasPrefix("HTTP/1.1 422 ") == true)
        }
        // A body that nobody would read is not sent, and nobody waits for it.
        for (path, length, status) in [
            ("/api/profiles", "1048577", 413), ("/v1/completions", "99999999", 413),
            ("/api/profiles", "9223372036854775808", 413), ("/api/nothing", "1048577", 404),
        ] {
            let answer = try await exchange(
                head.replacing("/api/profiles", with: path)
                    + "Expect: 100-Continue\r\nContent-Length: \(length)\r\n\r\n"
            )
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
            #expect(answer.lowercased().contains("connection: close\r\n"), "\(answer)")
        }
    }

    @Test func `a client of old that has ended its side still gets a quick answer`() async throws {
        let answer = try await exchange("GET /api/status HTTP/1.0\r\nHost: localhost\r\n\r\n", finishing: true)
        #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(answer)")
    }

    /// RFC 3986 §6.2.2.2: what needs no encoding names the same with it and without.
    @Test(
        arguments: [
            ("/api/profiles/%61ctive", 200), ("/%61pi/st%61tus?x=%61", 200), ("http://localhost/ap%69/profil%65s", 200),
            ("/api/profiles/%2561ctive", 404), ("/api%2Fprofiles/active", 404), ("/api/profiles/%+1ctive", 404),
            ("/api/profiles/%", 404), ("/api/profiles/%6", 404), ("/api/profiles/%2e%2e", 404),
            ("/%2e%2e/api/status", 404),
        ]
    )
    func `a path is the same in each spelling`(target: String, status: Int) async throws {
        try await ManagedProfiles.with { managed in
            let connections = ConnectionTable(logger: managed.logger)
            try await Application(router: managed.router, server: connections.server).test(.live) { server in
                let socket = try RawSocket(port: try #require(server.port))
                await socket.send("GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                let answer = try #require(await socket.readToEnd())
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
            }
        }
    }

    @Test func `an old client without a Host is a stranger`() async throws {
        let old = try await exchange("GET /api/status HTTP/1.0\r\n\r\n")
        #expect(old.hasPrefix("HTTP/1.1 403 "), "\(old)")
        // But one that probes whether the process lives learns nothing that a stranger must not know.
        for path in HealthRoutes.paths {
            let probe = try await exchange("GET \(path) HTTP/1.0\r\n\r\n")
            #expect(probe.contains("\r\n\r\n{\"status\":"), "\(probe)")
            let foreign = try await exchange("GET \(path) HTTP/1.0\r\nHost: evil.example\r\n\r\n")
            #expect(foreign.hasPrefix("HTTP/1.1 403 "), "\(foreign)")
            let empty = try await exchange("GET \(path) HTTP/1.0\r\nHost:\r\n\r\n")
            #expect(empty.hasPrefix("HTTP/1.1 403 "), "\(empty)")
        }
        let named = try await exchange("GET /api/status HTTP/1.0\r\nHost: localhost\r\n\r\n")
        #expect(named.hasPrefix("HTTP/1.1 200 "), "\(named)")
    }

    @Test(arguments: [("OPTIONS", "*"), ("TRACE", "/api/status"), ("CONNECT", "localhost:80"), ("BREW", "/api/status")])
    func `methods that nothing here knows are answered in shape`(method: String, target: String) async throws {
        let answer = try await exchange("\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        #expect(["404", "405", "400"].contains { answer.hasPrefix("HTTP/1.1 \($0) ") }, "\(answer)")
        #expect(answer.contains("\"success\":false"), "\(answer)")
    }

    @Test(arguments: ["nonsense\r\n\r\n", "GET\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}", "GET /api/status HTTP/9.9\r\n\r\n"])
    func `what is no HTTP is answered in the envelope`(text: String) async throws {
        let api = APIUnderTest()
        let answer = try await exchange(text, api)
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(answer.contains(#""code":"BAD_REQUEST""#))
        #expect(answer.lowercased().contains("connection: close"))
        // It is found in the log as any other.
        let line = try #require(api.log.lines.last)
        #expect(line.fields["status"] == "400")
        #expect(answer.contains("X-Request-Id: \(line.fields["hb.request.id"] ?? "none")\r\n"), "\(answer)")
    }

    @Test func `headers have bounds, and the target has the same`() async throws {
        let large = String(repeating: "x", count: 20_000)
        let many = (0..<101).map { "X-\($0): y\r\n" }.joined()
        let few = (0..<3).map { "X-\($0): \(large.prefix(15_000))\r\n" }.joined()
        for text in [
            "GET / HTTP/1.1\r\nHost: localhost\r\nX: \(large)\r\n\r\n", "GET / HTTP/1.1\r\n\(many)\r\n",
            "GET /\(large) HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\n\(few)\r\n",
        ] {
            let answer = try await exchange(text)
            #expect(answer.hasPrefix("HTTP/1.1 431 "), "\(answer.prefix(200))")
            #expect(answer.contains(#""code":"HEADER_TOO_LARGE""#))
        }
    }

    @Test func `a body has a bound, told or not`() async throws {
        var api = APIUnderTest()
        api.configuration.bodyLimit = 100
        api.limits.bodySize = 100_000
        let head = "POST /api/profiles HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        let told = try await exchange(head + "Connection: close\r\nContent-Length: 101\r\n\r\n", api)
        #expect(told.hasPrefix("HTTP/1.1 413 "))
        #expect(told.contains(#""code":"BODY_TOO_LARGE""#))
        let chunk = "1000\r\n" + String(repeating: "x", count: 4096) + "\r\n"
        try await api.application.test(.live) { server in
            let socket = try RawSocket(port: try #require(server.port))
            await socket.send(head + "Transfer-Encoding: chunked\r\n\r\n")
            // Whoever never ends its body is hung up on in the end.
            var sent = 0
            while await socket.send(chunk), sent < 10_000 { sent += 1 }
            #expect(sent < 10_000)
            _ = await socket.readToEnd()
        }
    }

    @Test func `a client that dribbles its headers or its body is hung up on`() async throws {
        var api = APIUnderTest()
        api.limits.firstHeaderTime = .milliseconds(300)
        api.limits.bodyTime = .milliseconds(300)
        var later = APIUnderTest()
        later.limits.idleTime = .milliseconds(300)
        let head = "POST /api/profiles HTTP/1.1\r\nHost: localhost\r\n"
        let first = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for (api, start, drop) in [
            (api, "", ""), (api, head + "X: ", "x"), (later, first + head + "X: ", "x"), (later, first, ""),
            (api, head + "Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n", " "),
        ] {
            try await api.application.test(.live) { server in
                let socket = try RawSocket(port: try #require(server.port))
                let begin = ContinuousClock.now
                await socket.send(start)
                while !drop.isEmpty, await socket.send(drop), ContinuousClock.now - begin < .seconds(20) {
                    try await Task.sleep(for: .milliseconds(5))  // as slow clients do
                }
                // Nothing was wrong with what it sent but its slowness.
                let answer = try #require(await socket.readToEnd())
                #expect(
                    answer.components(separatedBy: "HTTP/1.1").count == (start.hasPrefix(first) ? 2 : 1),
                    "\(answer)"
                )
                #expect(!answer.contains("HTTP/1.1 400"), "\(answer)")
                #expect(ContinuousClock.now - begin < .seconds(15))
            }
        }
    }

    @Test func `who is being answered makes no room, whoever comes`() async throws {
        var api = APIUnderTest()
        api.limits.connections = 4
        api.limits.graceTime = .milliseconds(10)
        let end = "Host: localhost\r\n\r\n"
        try await api.application.test(.live) { server in
            let port = try #require(server.port)
            let followers = try (0..<3).map { _ in try RawSocket(port: port) }
            for follower in followers {
                await follower.send("GET /api/events HTTP/1.1\r\n" + end)
                #expect(await follower.read(until: "event: status\n")?.hasPrefix("HTTP/1.1 200 ") == true)
            }
            // Each makes room for the next, but for the last.
            let silent = try (0..<20).map { _ in try RawSocket(port: port) }
            let begin = ContinuousClock.now
            while silent.count(where: { $0.hasEnded }) < 19, ContinuousClock.now - begin < .seconds(30) {
                await Task.yield()
            }
            #expect(ContinuousClock.now - begin < .seconds(30))
            for _ in 0..<5 {
                let late = try RawSocket(port: port)
                await late.send("GET /healthz HTTP/1.1\r\n" + end)
                #expect(await late.read(until: "ok")?.hasPrefix("HTTP/1.1 200 ") == true)
            }
            for follower in followers { #expect(!follower.hasEnded) }
        }
    }

    @Test func `who has been answered and asks nothing makes room before whose request is on its way`() async throws {
        var api = APIUnderTest()
        // One is the test's own, and silent.
        api.limits.connections = 6
        api.limits.graceTime = .zero
        let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        try await api.application.test(.live) { server in
            let port = try #require(server.port)
            func client(_ beginning: String = "") async throws -> RawSocket {
                let socket = try RawSocket(port: port)
                await socket.send(request)
                #expect(await socket.read(until: "ok")?.hasPrefix("HTTP/1.1 200 ") == true)
                if !beginning.isEmpty { await socket.send(beginning) }
                return socket
            }
            let begun = [
                try RawSocket(port: port), try await client(String(request.prefix(20))),
                try await client(
                    "POST /api/profiles HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 2\r\n\r\n{"
                ),
            ]
            await begun[0].send(String(request.prefix(20)))
            let idle = [try await client(), try await client()]
            let late = [try await client(), try await client()]
            for socket in idle { #expect(await socket.readToEnd() == "") }
            for socket in late { #expect(!socket.hasEnded) }
            for socket in begun.prefix(2) {
                await socket.send(String(request.dropFirst(20)))
                #expect(await socket.read(until: "ok")?.hasPrefix("HTTP/1.1 200 ") == true)
            }
            await begun[2].send("}")
            #expect(await begun[2].read(until: "false}")?.hasPrefix("HTTP/1.1 422 ") == true)
        }
    }

    @Test func `a request that is on its way is answered, though all others are busy`() async throws {
        var api = APIUnderTest()
        api.limits.connections = 4
        api.limits.graceTime = .seconds(2)
        let end = "Host: localhost\r\n"
        try await api.application.test(.live) { server in
            let port = try #require(server.port)
            var followers: [RawSocket] = []
            for _ in 0..<4 {
                let follower = try RawSocket(port: port)
                followers.append(follower)
                await follower.send("GET /api/events HTTP/1.1\r\n" + end + "\r\n")
                #expect(await follower.read(until: "event: status\n")?.hasPrefix("HTTP/1.1 200 ") == true)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<10 {
                            let client = try RawSocket(port: port)
                            await client.send("GET /healthz HTTP/1.1\r\nConnection: close\r\n" + end + "\r\n")
                            let answer = await client.readToEnd()
                            #expect(answer?.hasPrefix("HTTP/1.1 200 ") == true, "\(answer ?? "nothing")")
                        }
                    }
                }
                try await group.waitForAll()
            }
            for follower in followers { #expect(!follower.hasEnded) }
        }
    }

    @Test func `who does not read makes room for others, if there are too many`() async throws {
        var api = APIUnderTest()
        api.limits.connections = 2
        api.limits.unreadTime = .milliseconds(100)
        try await api.application.test(.live) { server in
            let port = try #require(server.port)
            let request = "GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
            var greedy: [RawSocket] = []
            for _ in 0..<3 {
                let socket = try RawSocket(port: port, receiveBuffer: 4096)
                await socket.send(String(repeating: request, count: 400))
                #expect(await socket.read(until: "openapi")?.hasPrefix("HTTP/1.1 200 ") == true)
                greedy.append(socket)
            }
            let begin = ContinuousClock.now
            var dropped = 0
            while dropped < 1, ContinuousClock.now - begin < .seconds(20) {
                dropped = 0
                for socket in greedy where await !socket.send("G") { dropped += 1 }
                try await Task.sleep(for: .milliseconds(10))  // so that little piles up
            }
            #expect(dropped >= 1)
        }
    }

    @Test func `a client that reads nothing of a long answer is hung up on`() async throws {
        var api = APIUnderTest()
        api.limits.stallTime = .milliseconds(300)
        try await api.application.test(.live) { server in
            let socket = try RawSocket(port: try #require(server.port), receiveBuffer: 4096)
            // Many requests in one go, each with a long answer, none of which is read.
            let request = "GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
            var isConnected = true
            let begin = ContinuousClock.now
            while isConnected, ContinuousClock.now - begin < .seconds(20) { isConnected = await socket.send(request) }
            #expect(!isConnected)
        }
    }

    @Test(
        arguments: [
            "..%2Fsecret", "%2e%2e", "%2e%2e%2fsecret", "..%5csecret", "%2Fetc%2Fpasswd", "a%00b", "%00",
            "%c0%ae%c0%ae",
            "%c0%af", "%252e%252e%252fsecret", "%ed%a0%80", "%zz", "%", ".hidden", "active", "none", "%0a", "..",
            String(repeating: "a", count: 201),
        ]
    )
    func `no id leads out of the directory`(id: String) async throws {
        try await ManagedProfiles.with { managed in
            try "version: 1\nname: Secret\nsteering: {}\n".write(
                toFile: managed.root + "/secret.yaml",
                atomically: true,
                encoding: .utf8
            )
            for (method, suffix) in [(.get, ""), (.get, "/export"), (.delete, ""), (.post, "/activate")]
                as [(HTTPRequest.Method, String)]
            {
                let answer = try await managed.send(method, "/api/profiles/\(id)\(suffix)")
                let isWord = id == "active"
                #expect([404, 405].contains(answer.status) || isWord && answer.status == 200, "\(answer.status)")
                #expect(!answer.text.contains("Secret"))
            }
            #expect(managed.link == nil)
            #expect(FileManager.default.fileExists(atPath: managed.root + "/secret.yaml"))
        }
    }
}
