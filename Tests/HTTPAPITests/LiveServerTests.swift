import HTTPAPI
import HTTPTypes
import HummingbirdTesting
import MillmTesting
import Testing

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

    @Test func `an answer that uses its connection up says so`() async throws {
        try await APIUnderTest().application.test(.live) { server in
            for stream in [false, true] {
                try await WireClient.connected(to: try #require(server.port)) { wire in
                    try await wire.post("/v1/chat/completions", APIUnderTest.chatBody(#""stream":\#(stream)"#))
                    let answer = await wire.read(until: "nothing that comes: the server ends the connection")
                    #expect(answer.lowercased().contains("connection: close\r\n"))
                    #expect(answer.contains("hello"))
                }
            }
        }
    }
}
