import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import MillmTesting
import Testing

@testable import HTTPAPI

/// Through a real socket: what the router alone cannot show.
@Suite(.timeLimit(.minutes(5)))
struct LiveServerTests {
    @Test func `a piece is sent as soon as it is there`() async throws {
        let api = APIUnderTest(core: EchoCore(behaviour: .pause(afterTokens: 1)))
        try await api.application.test(.live) { server in
            try await WireClient.connected(to: try #require(server.port)) { wire in
                try await wire.post("/v1/chat/completions", APIUnderTest.chatBody(#""stream":true"#))
                let first = await wire.read(until: #""content":"world""#)
                #expect(first.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(first.lowercased().contains("x-millm-profile: none\r\n"))
                #expect(!first.contains("hello"))

                // The core goes on only now, so what was read above cannot have waited for the end.
                api.core.resume()
                let rest = await wire.read(until: "[DONE]")
                #expect(rest.contains(#""content":" hello""#))
                #expect(rest.contains("data: [DONE]\n\n"))
            }
        }
    }

    @Test(arguments: [false, true])
    func `a client that goes away ends its generations and is logged as gone`(stream: Bool) async throws {
        let api = APIUnderTest(core: EchoCore(behaviour: .pause(afterTokens: 1)))
        try await api.application.test(.live) { server in
            try await WireClient.connected(to: try #require(server.port)) { wire in
                try await wire.post("/v1/chat/completions", APIUnderTest.chatBody(#""stream":\#(stream),"n":2"#))
                if stream { _ = await wire.read(until: "world") }
            }
            var endings = api.core.endings.makeAsyncIterator()
            #expect(await endings.next() == .abandoned)
            #expect(await endings.next() == .abandoned)
            let line = await api.log.stream.first { $0.message == "Request" }
            #expect(line?.fields["status"] == (stream ? "200" : "499"))
            #expect(line?.fields["whole"] == (stream ? "false" : "true"))
        }
    }

    @Test func `a request that addresses a foreign name is refused in shape`() async throws {
        let api = APIUnderTest()
        try await api.application.test(.live) { server in
            try await WireClient.connected(to: try #require(server.port)) { wire in
                try await wire.post("/v1/chat/completions", APIUnderTest.chatBody(), authority: "evil.example")
                let answer = await wire.read(until: "}}")
                #expect(answer.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
                #expect(answer.contains(#""code":"host_not_allowed""#))
            }
        }
        #expect(api.core.requests.isEmpty)
    }

    @Test func `a connection serves management requests one after the other`() async throws {
        try await APIUnderTest().application.test(.live) { server in
            for _ in 0..<3 {
                let answer = Answered(
                    try await server.executeRequest(uri: "/api/status", method: .get, headers: [:], body: nil)
                )
                #expect(answer.status == 200)
            }
        }
    }

    @Test func `an error behind HEAD leaves the connection usable`() async throws {
        try await APIUnderTest().application.test(.live) { server in
            for path in ["/nothing", "/v1/completions"] {
                let head = Answered(try await server.executeRequest(uri: path, method: .head, headers: [:], body: nil))
                #expect(head.status == (path == "/nothing" ? 404 : 405))
                #expect(head.text == "")
                let next = Answered(try await server.executeRequest(uri: path, method: .get, headers: [:], body: nil))
                #expect(next.status == head.status)
                #expect(try next.json["error"] != nil)
            }
        }
    }

    @Test func `a connection serves chats one after the other`() async throws {
        try await APIUnderTest().application.test(.live) { server in
            let socket = try RawSocket(port: try #require(server.port))
            for stream in [false, true, true, false, false] {
                await socket.send(Self.chat(#""stream":\#(stream)"#))
                let answer = await socket.read(until: stream ? "[DONE]\n\n\r\n0\r\n\r\n" : #""total_tokens":"#)
                #expect(answer?.hasPrefix("HTTP/1.1 200 OK\r\n") == true, "\(answer ?? "nothing")")
                #expect(answer?.lowercased().contains("\nconnection:") == false)
            }
            // And all of them in one go.
            await socket.send(
                String(repeating: Self.chat(), count: 20) + "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
            )
            let answers = await socket.read(until: #"{"status":"ok"}"#)
            #expect(answers?.components(separatedBy: "chat.completion\"").count == 21)
        }
    }

    @Test(arguments: [false, true])
    func `a client that has ended its side gets its answer, however late`(stream: Bool) async throws {
        let api = APIUnderTest(core: EchoCore(behaviour: .pause(afterTokens: 1)))
        try await api.application.test(.live) { server in
            let socket = try RawSocket(port: try #require(server.port))
            await socket.send(Self.chat(#""stream":\#(stream)"#))
            socket.finishSending()
            let probe = stream ? ":\n\n" : "HTTP/1.1 100 Continue\r\n\r\n"
            #expect(await socket.read(until: probe)?.contains(probe) == true)
            api.core.resume()
            #expect(await socket.readToEnd()?.contains("hello") == true)
        }
    }

    @Test(arguments: [false, true])
    func `an old client that goes away ends its generations`(stream: Bool) async throws {
        let api = APIUnderTest(core: EchoCore(behaviour: .pause(afterTokens: 1)))
        try await api.application.test(.live) { server in
            var socket: RawSocket? = try RawSocket(port: try #require(server.port))
            await socket?.send(Self.chat(#""stream":\#(stream),"n":2"#, version: "1.0"))
            if stream { _ = await socket?.read(until: "world") }
            socket = nil
            var endings = api.core.endings.makeAsyncIterator()
            #expect(await endings.next() == .abandoned)
            #expect(await endings.next() == .abandoned)
            let line = await api.log.stream.first { $0.message == "Request" }
            #expect(line?.fields["status"] == (stream ? "200" : "499"))
        }
    }

    /// A chat request, byte by byte.
    private static func chat(_ fields: String = "", version: String = "1.1") -> String {
        let body = APIUnderTest.chatBody(fields)
        return """
            POST /v1/chat/completions HTTP/\(version)\r
            Host: localhost\r
            Content-Type: application/json\r
            Content-Length: \(body.utf8.count)\r
            \r
            \(body)
            """
    }

    @Test(arguments: [false, true])
    func `an old client gets a stream without chunks, up to the connection's end`(isKept: Bool) async throws {
        try await APIUnderTest().application.test(.live) { server in
            let socket = try RawSocket(port: try #require(server.port))
            let request = Self.chat(#""stream":true"#, version: "1.0")
            await socket.send(
                isKept ? request.replacing("\r\nHost", with: "\r\nConnection: keep-alive\r\nHost") : request
            )
            let answer = try #require(await socket.readToEnd())
            #expect(answer.hasPrefix("HTTP/1.0 200 OK\r\n"))
            #expect(!answer.lowercased().contains("transfer-encoding"))
            let parts = answer.components(separatedBy: "\r\n\r\n")
            #expect(parts.count == 2)
            #expect(parts.last?.hasPrefix("data: {") == true)
            #expect(parts.last?.hasSuffix("}\n\ndata: [DONE]\n\n") == true, "\(answer)")
        }
    }

    @Test func `HEAD gets what GET gets but the body, and the connection goes on`() async throws {
        let paths = Contract.open.paths.filter { $0.value["get"] != nil }.keys.sorted()
        #expect(paths.contains("/api/events"))
        try await ManagedProfiles.with { managed in
            let connections = ConnectionTable(logger: managed.logger)
            let application = Application(router: managed.router, server: connections.server)
            try await application.test(.live) { server in
                let port = try #require(server.port)
                let socket = try RawSocket(port: port)
                for template in paths {
                    let path = template.replacing("{id}", with: "night").replacing("{model}", with: "default")
                    await socket.send("HEAD \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    let head = try #require(await socket.read(until: "\r\n\r\n"))
                    let other = try RawSocket(port: port)
                    await other.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    let answer = try #require(await other.read(until: "\r\n\r\n"))
                    // The numbers there differ from one time to the next.
                    let varying = path == "/metrics" ? "content-length:" : "date:"
                    #expect(Self.headers(head, but: varying) == Self.headers(answer, but: varying), "\(path)")
                    #expect(head.hasSuffix("\r\n\r\n"), "\(path): \(head)")
                }
                await socket.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(await socket.read(until: "ok")?.hasPrefix("HTTP/1.1 200 OK\r\n") == true)
            }
        }
    }

    /// An answer's status and headers, those left out that differ from one time to the next.
    private static func headers(_ answer: String, but varying: String) -> [String] {
        (answer.components(separatedBy: "\r\n\r\n").first ?? "").components(separatedBy: "\r\n").filter { line in
            !["date:", "x-request-id:", varying].contains { line.lowercased().hasPrefix($0) }
        }
    }
}
