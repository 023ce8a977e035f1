import HTTPAPI
import HTTPTypes
import MillmTesting
import Testing

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
}
