import HTTPTypes
import Logging
import MillmTesting
import Testing

@testable import HTTPAPI

struct RequestLogTests {
    @Test func `each request is one line with its id and without its query`() async throws {
        let api = APIUnderTest()
        let answer = try await api.send(.get, "/api/status?secret=1")

        let lines = api.log.lines.filter { $0.message == "Request" }
        let line = try #require(lines.first)
        #expect(lines.count == 1)
        #expect(line.fields["hb.request.id"] == answer.header("X-Request-Id"))
        #expect(line.fields["method"] == "GET")
        #expect(line.fields["path"] == "/api/status")
        #expect(line.fields["status"] == "200")
        #expect(line.fields["whole"] == "true")
        #expect(Double(line.fields["ms"] ?? "") != nil)
    }

    @Test(arguments: ["/nothing", "/v1/nothing"])
    func `what was refused is logged with its status`(path: String) async throws {
        let api = APIUnderTest()
        let answer = try await api.send(.get, path)
        #expect(api.log.lines.map { $0.fields["status"] } == ["404"])
        #expect(answer.header("X-Request-Id") != nil)
    }

    @Test func `a stream is logged once, when it has ended`() async throws {
        let api = APIUnderTest()
        _ = try await api.chat(#""stream":true"#)
        #expect(api.log.lines.map { $0.fields["whole"] } == ["true"])
    }

    @Test(arguments: [("abc-123_x.7", true), ("", false), ("a b", false), ("é", false), ("x\"y", false)])
    func `a client's id is taken if it is plain`(id: String, isTaken: Bool) async throws {
        let api = APIUnderTest()
        let answer = try await api.send(.get, "/api/status", headers: [.requestID: id])
        #expect((answer.header("X-Request-Id") == id) == isTaken)
        #expect(api.log.lines.first?.fields["hb.request.id"] == answer.header("X-Request-Id"))
        #expect(answer.header("X-Request-Id")?.isEmpty == false)
        let long = String(repeating: "a", count: RequestID.maximumLength + 1)
        #expect(try await api.send(.get, "/healthz", headers: [.requestID: long]).header("X-Request-Id") != long)
    }

    @Test func `what changes something stands out`() async throws {
        let api = APIUnderTest()
        _ = try await api.send(.get, "/api/status")
        _ = try await api.chat()
        _ = try await api.send(.delete, "/api/profiles/nobody")
        #expect(api.log.lines.filter { $0.message == "Request" }.map(\.level) == [.info, .info, .notice])
    }
}
