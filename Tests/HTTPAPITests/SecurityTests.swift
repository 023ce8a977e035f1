import HTTPTypes
import Hummingbird
import Testing

@testable import HTTPAPI

struct SecurityTests {
    @Test(
        arguments: [
            ("localhost", true), ("LOCALHOST:8000", true), ("localhost.", true), ("127.0.0.1", true),
            ("127.1.2.3:65535", true), ("[::1]", true), ("[::1]:8000", true), ("localhost.:8000", true),
            ("127.0.0.2", true), ("[0:0:0:0:0:0:0:1]", true), ("[0000::0001]:80", true),
            ("[::ffff:127.0.0.1]", true), ("[::FFFF:7f01:203]", true),
            ("127.1", false), ("0x7f.0.0.1", false), ("127.0.0.01", false), ("2130706433", false),
            ("[::ffff:128.0.0.1]", false), ("[::127.0.0.1]", false), ("[::1%lo]", false), ("[127.0.0.1]", false),
            ("[localhost]", false), ("::1", false), ("[]", false), ("localhost..", false), ("127.0.0.1\0", false),
            ("127.0.0.1 evil.example", false), ("[::1]evil.example", false), ("a.localhost", false),
            ("example.com", false), ("localhost.example.com", false), ("127.0.0.1.example.com", false),
            ("127.0.0.256", false), ("128.0.0.1", false), ("0.0.0.0", false), ("[::2]", false), ("[::1", false),
            ("localhost:x", false), ("localhost:", true), ("[::1]:", true), ("localhost:99999", false), ("", false),
            ("localhost:+80", false), ("localhost:-0", false), ("[::1]:+80", false), ("localhost:80:80", false),
            (":8000", false), (":", false),
        ]
    )
    func `only loopback names are accepted by default`(authority: String, accepted: Bool) {
        #expect(HostPolicy.loopback.accepts(authority) == accepted)
    }

    @Test func `names can be configured, or all be accepted`() {
        let named = HostPolicy.named(["millm.lan"])
        #expect(named.accepts("Millm.lan:8000"))
        #expect(named.accepts("localhost"))
        #expect(!named.accepts("other.lan"))
        #expect(HostPolicy.any.accepts("other.lan"))
        #expect(HostPolicy.any.accepts(nil))
        #expect(!named.accepts(nil))
        #expect(!HostPolicy.loopback.accepts(nil))
    }

    @Test(arguments: ["gzip", "GZIP", "identity, gzip", "br", "x"])
    func `a compressed body is refused, not misread`(encoding: String) async throws {
        let headers: HTTPFields = [.contentEncoding: encoding, .contentType: "application/json"]
        let api = APIUnderTest()
        for (method, path) in [
            (.post, "/api/profiles"), (.put, "/api/steering"), (.post, "/api/profiles/import"),
            (.post, "/v1/chat/completions"),
        ] as [(HTTPRequest.Method, String)] {
            let answer = try await api.send(method, path, headers: headers, body: "\u{1F}\u{8B}")
            #expect(answer.status == 415, "\(path): \(answer.text)")
            #expect(answer.header("Accept-Encoding") == "identity")
            #expect(answer.text.lowercased().contains(#""code":"unsupported_encoding""#))
        }
        let plain = try await api.send(
            .post,
            "/v1/chat/completions",
            headers: [.contentEncoding: "identity", .contentType: "application/json"],
            body: APIUnderTest.chatBody()
        )
        #expect(plain.status == 200)
    }

    @Test func `a foreign origin is 403 in either shape`() async throws {
        let api = APIUnderTest()
        let foreign: HTTPFields = [.origin: "http://evil.example"]
        let management = try await api.send(.get, "/api/status", headers: foreign)
        #expect(management.status == 403)
        #expect(try management.json["error"]?["code"] == "ORIGIN_NOT_ALLOWED")
        let inference = try await api.send(.get, "/v1/models", headers: foreign)
        #expect(inference.status == 403)
        #expect(try inference.json["error"]?["code"] == "origin_not_allowed")
    }

    @Test(
        arguments: [
            ("http://localhost", true), ("https://LOCALHOST", true), ("http://localhost:3000", false),
            ("null", false), ("http://localhost.evil.example", false), ("file://", false),
        ]
    )
    func `a page may use the server only from its own origin`(origin: String, allowed: Bool) async throws {
        let answer = try await APIUnderTest().send(.get, "/api/status", headers: [.origin: origin])
        #expect(answer.status == (allowed ? 200 : 403))
    }

    @Test func `a server with a token asks for it everywhere but in probes`() async throws {
        var api = APIUnderTest()
        api.configuration.tokens = AccessTokens(write: BearerToken("s3cret"), read: nil)

        for path in ["/api/status", "/v1/models", "/nothing", "/healthz/x"] {
            let answer = try await api.send(.get, path)
            #expect(answer.status == 401)
            #expect(answer.header("WWW-Authenticate") == "Bearer")
        }
        #expect(try await api.send(.get, "/api/status").json["error"]?["code"] == "UNAUTHORIZED")
        #expect(try await api.send(.get, "/v1/models").json["error"]?["type"] == "authentication_error")
        #expect(try await api.send(.get, "/healthz").status == 200)
        #expect(try await api.send(.get, "/readyz").status == 503)
    }

    @Test(
        arguments: [
            ("Bearer s3cret", 200), ("bearer s3cret", 200), ("Bearer s3cre", 401), ("Bearer s3crets", 401),
            ("Bearer s3creT", 401), ("Bearer", 401), ("Bearer ", 401), ("Basic s3cret", 401), ("s3cret", 401),
            ("Bearer s3crets3cret", 401),
        ]
    )
    func `only the token opens`(authorization: String, status: Int) async throws {
        var api = APIUnderTest()
        api.configuration.tokens = AccessTokens(write: BearerToken("s3cret"), read: nil)
        let answer = try await api.send(.get, "/api/status", headers: [.authorization: authorization])
        #expect(answer.status == status)
    }

    @Test func `an empty token is none, and a token never prints itself`() throws {
        #expect(BearerToken("") == nil)
        let token = try #require(BearerToken("s3cret"))
        #expect(!"\(token)".contains("s3cret"))
        #expect(!String(reflecting: token).contains("s3cret"))
    }

    @Test(
        arguments: [
            ("cross-site", 403), ("same-site", 403), ("Cross-Site", 403), ("same-origin", 200), ("none", 200),
        ]
    )
    func `a browser's word on where a request comes from counts without an Origin, too`(
        site: String,
        status: Int
    ) async throws {
        let answer = try await APIUnderTest().send(
            .get,
            "/api/status",
            headers: [HTTPField.Name("Sec-Fetch-Site")!: site]
        )
        #expect(answer.status == status)
    }

    @Test(
        arguments: [
            (.get, "/api/status", 200), (.head, "/api/status", 200), (.get, "/metrics", 200), (.get, "/v1/models", 200),
            (.post, "/v1/chat/completions", 200), (.post, "/api/profiles", 403), (.put, "/api/steering", 403),
            (.delete, "/api/profiles/night", 403), (.post, "/api/profiles/night/activate", 403),
            (.post, "/api/profiles/import", 403),
        ] as [(HTTPRequest.Method, String, Int)]
    )
    func `the read token reads and asks, and changes nothing`(
        method: HTTPRequest.Method,
        path: String,
        status: Int
    ) async throws {
        var api = APIUnderTest()
        api.configuration.tokens = AccessTokens(write: BearerToken("wr1te"), read: BearerToken("r3ad"))
        let answer = try await api.send(
            method,
            path,
            headers: [.authorization: "Bearer r3ad", .contentType: "application/json"],
            body: method == .get || method == .head ? nil : APIUnderTest.chatBody()
        )
        #expect(answer.status == status)
        if status == 403 {
            #expect(try answer.json["error"]?["code"] == "FORBIDDEN")
            #expect(answer.header("WWW-Authenticate")?.contains("insufficient_scope") == true)
        }
    }

    @Test func `the write token does everything, and without one nothing can be changed`() throws {
        let both = try #require(AccessTokens(write: BearerToken("w"), read: BearerToken("r")))
        #expect(both.scope(of: "w") == .write)
        #expect(both.scope(of: "r") == .read)
        #expect(both.scope(of: "x") == nil)
        let readOnly = try #require(AccessTokens(write: nil, read: BearerToken("r")))
        #expect(readOnly.scope(of: "r") == .read)
        #expect(readOnly.scope(of: "") == nil)
        #expect(AccessTokens(write: nil, read: nil) == nil)
    }
}
