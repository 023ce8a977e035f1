import HTTPAPI
import HTTPTypes
import ProfileDirectory
import Profiles
import Testing

struct ManagementTests {
    @Test func `the status comes in the envelope`() async throws {
        var api = APIUnderTest()
        api.status.state = .degraded
        api.status.generation = 12
        api.status.reason = LoaderStatus.Reason(
            code: "P012",
            message: "duplicate key 'layer'",
            file: "night.yaml",
            line: 9,
            column: 1,
            since: Timestamp(microseconds: 1_769_774_400_123_456)
        )
        let answer = try await api.send(.get, "/api/status")

        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "application/json")
        #expect(
            try answer.json == [
                "success": true,
                "error": nil,
                "data": [
                    "pid": 4711, "state": "degraded", "mode": "inotify", "generation": 12,
                    "desired": nil, "applied": nil,
                    "reason": [
                        "code": "P012", "message": "duplicate key 'layer'", "file": "night.yaml",
                        "line": 9, "column": 1, "since": "2026-01-30T12:00:00.123456Z",
                    ],
                    "counters": ["applies": 0, "rejections": 0, "rescans": 0, "overflows": 0],
                    "model": ["name": "Echo-1B", "n_embd": 8, "n_layer": 4],
                    "sae": nil,
                ],
            ]
        )
    }

    @Test(arguments: ["/api", "/api/", "/api/nothing", "/api/status/more", "/nothing", "/", "/v1x"])
    func `an unknown route is 404 in the envelope`(path: String) async throws {
        let answer = try await APIUnderTest().send(.get, path)
        #expect(answer.status == 404)
        #expect(
            try answer.json == [
                "success": false, "data": nil,
                "error": [
                    "code": "NOT_FOUND",
                    "message": "There is nothing here. GET /api/openapi.json tells what there is.", "details": [:],
                ],
            ]
        )
    }

    @Test(arguments: ["/v1", "/v1/nothing", "/v1/chat"])
    func `an unknown route under v1 is 404 in OpenAI's shape`(path: String) async throws {
        let answer = try await APIUnderTest().send(.post, path)
        #expect(answer.status == 404)
        #expect(
            try answer.json == [
                "error": [
                    "message": "There is nothing here. GET /api/openapi.json tells what there is.",
                    "type": "invalid_request_error",
                    "param": nil, "code": "not_found",
                ]
            ]
        )
    }

    @Test(arguments: [HTTPRequest.Method.post, .put, .delete, .patch, .options])
    func `a wrong method is 405 with Allow in the envelope`(method: HTTPRequest.Method) async throws {
        let answer = try await APIUnderTest().send(method, "/api/status")
        #expect(answer.status == 405)
        #expect(answer.header("Allow") == "GET, HEAD")
        #expect(
            try answer.json == [
                "success": false, "data": nil,
                "error": [
                    "code": "METHOD_NOT_ALLOWED", "details": [:],
                    "message": .text("\(method.rawValue) is not possible here; possible: GET, HEAD."),
                ],
            ]
        )
    }

    @Test func `a wrong method under v1 is 405 with Allow in OpenAI's shape`() async throws {
        for path in ["/v1/chat/completions", "/v1/completions"] {
            let answer = try await APIUnderTest().send(.get, path)
            #expect(answer.status == 405)
            #expect(answer.header("Allow") == "POST")
            #expect(try answer.json["error"]?["code"] == "method_not_allowed")
        }
    }

    @Test func `HEAD answers like GET without the body`() async throws {
        let answer = try await APIUnderTest().send(.head, "/api/status")
        #expect(answer.status == 200)
        #expect(answer.text == "")
        #expect(answer.header("Content-Type") == "application/json")
    }

    @Test func `the process says that it lives and whether it wants requests`() async throws {
        let api = APIUnderTest()
        #expect(try await api.send(.get, "/healthz").text == #"{"status":"ok"}"#)

        let starting = try await api.send(.get, "/readyz")
        #expect(starting.status == 503)
        #expect(starting.text == #"{"status":"starting"}"#)

        api.readiness.markReady()
        let ready = try await api.send(.get, "/readyz")
        #expect(ready.status == 200)
        #expect(ready.text == #"{"status":"ready"}"#)

        api.readiness.markDraining()
        api.readiness.markReady()
        let draining = try await api.send(.get, "/readyz")
        #expect(draining.status == 503)
        #expect(draining.text == #"{"status":"draining"}"#)
    }
}
