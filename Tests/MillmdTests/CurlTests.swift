import Foundation
import Testing

/// The API as people use it from a shell: the real daemon, the real curl, files on the real disk.
@Suite struct CurlTests {
    /// What curl says: the status, the headers and the body.
    private struct Answer {
        var status: Int
        var headers: String
        var body: String
    }

    private func curl(_ daemon: RunningDaemon, _ arguments: String, token: String? = "wr1te") async throws -> Answer {
        let authorization = token.map { "-H 'Authorization: Bearer \($0)'" } ?? ""
        let path = arguments.split(separator: " ", maxSplits: 1)
        let command = "curl -sS -i \(authorization) '\(daemon.address)\(path[0])' \(path.count > 1 ? path[1] : "")"
        let output = try await daemon.shell(command).output
        let parts = output.components(separatedBy: "\r\n\r\n").drop { $0.hasPrefix("HTTP/1.1 100") }
        let head = parts.first ?? ""
        return Answer(
            status: Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0,
            headers: head,
            body: parts.dropFirst().joined(separator: "\r\n\r\n")
        )
    }

    @Test func `tokens, profiles, exports and faults, by curl`() async throws {
        try await withTokens { daemon in
            // Who may do what.
            #expect(try await curl(daemon, "/healthz", token: nil).status == 200)
            let nobody = try await curl(daemon, "/api/profiles", token: nil)
            #expect(nobody.status == 401)
            #expect(nobody.headers.lowercased().contains("www-authenticate: bearer"))
            #expect(try await curl(daemon, "/api/profiles", token: "r3ad").status == 200)
            #expect(try await curl(daemon, "/api/profiles/moonlight -X DELETE", token: "r3ad").status == 403)
            #expect(try await curl(daemon, "/api/profiles -H 'Host: evil.example'").status == 403)
            #expect(try await curl(daemon, "/api/steering -X DELETE -H 'Origin: http://evil.example'").status == 403)
            #expect(try await curl(daemon, "/api/steering -X DELETE -H 'Sec-Fetch-Site: cross-site'").status == 403)

            try await edit(daemon)
            try await activate(daemon)
            try await provoke(daemon)
        }
    }

    private func edit(_ daemon: RunningDaemon) async throws {
        let json = "-H 'Content-Type: application/json' -d"
        let made = try await curl(
            daemon,
            #"/api/profiles \#(json) '{"name":"Été 🙂","steering":{"2203":12.5},"extra":1}'"#
        )
        #expect(made.status == 200, "\(made.body)")
        #expect(made.body.contains(#""id":"été-🙂""#))
        #expect(made.body.contains("'extra' is unknown"))
        #expect(FileManager.default.fileExists(atPath: daemon.profiles + "/été-🙂.yaml"))
        let path = "/api/profiles/%C3%A9t%C3%A9-%F0%9F%99%82"
        let shown = try await curl(daemon, path)
        let tag = try #require(
            shown.headers.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix("etag: ") }?.dropFirst(6)
        )

        for (condition, status) in [
            ("W/\(tag)", 412), (#""sha256:00""#, 412), (#""x", \#(tag)"#, 200), ("*", 200), (String(tag), 412),
        ] {
            let changed = try await curl(
                daemon,
                #"\#(path) -X PATCH -H 'If-Match: \#(condition)' \#(json) '{"description":"\#(status) \#(condition.count)"}'"#
            )
            #expect(changed.status == status, "\(condition): \(changed.body)")
        }

        let export = try await curl(daemon, path + "/export")
        #expect(export.headers.contains("filename*=UTF-8''%C3%A9t%C3%A9-%F0%9F%99%82.json"))
        #expect(export.body.contains(#""type": "millm_profile""#))
        let head = try await curl(daemon, path + " -I")
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(try await curl(daemon, path + " -X DELETE").status == 200)
        #expect(try await curl(daemon, path).status == 404)
    }

    private func activate(_ daemon: RunningDaemon) async throws {
        let activated = try await curl(daemon, "/api/profiles/moonlight/activate -X POST")
        #expect(activated.body.contains(#""applied_steering":true"#))
        #expect(try await curl(daemon, "/api/status").body.contains(#""state":"ok""#))
        #expect(try await curl(daemon, "/api/profiles/moonlight -X DELETE").status == 409)
        let metrics = try await curl(daemon, "/metrics", token: "r3ad").body
        #expect(metrics.contains("millm_applied_features 1\n"))
        #expect(metrics.contains("millm_last_success_timestamp_seconds 1"))
        #expect(
            metrics.contains(
                #"millm_http_requests_total{method="POST",route="/api/profiles/{id}/activate",status="200"} 1"#
            )
        )
        #expect(try await curl(daemon, "/api/profiles/moonlight/deactivate -X POST").status == 200)
        #expect(try await curl(daemon, "/api/status").body.contains(#""state":"inactive""#))
    }

    private func provoke(_ daemon: RunningDaemon) async throws {
        let wrong = try await curl(daemon, "/api/profiles/moonlight -X POST")
        #expect(wrong.status == 405)
        #expect(wrong.headers.lowercased().contains("allow: delete, get, head, patch, put"))
        let unknown = try await curl(daemon, "/api/nothing")
        #expect(unknown.status == 404)
        #expect(unknown.body.contains(#""code":"NOT_FOUND""#))
        let json = "-H 'Content-Type: application/json' -d"
        let unread = try await curl(daemon, #"/api/profiles \#(json) '{"name":,}'"#)
        #expect(unread.status == 400)
        #expect(unread.body.contains("line 1, column 9"))
        #expect(try await curl(daemon, #"/api/profiles -d '{"name":"x"}'"#).body.contains("INVALID_CONTENT_TYPE"))
        try await daemon.shell("head -c 1048577 /dev/zero > ../large; printf '[{}]\n' > ../small")
        let large = try await curl(daemon, "/api/profiles -H 'Content-Type: application/json' --data-binary @../large")
        #expect(large.status == 413)
        // Asked before, it is not sent at all, and what is welcome is let come at once.
        for (file, told) in [("../large", "413 0"), ("../small", "422 5")] {
            let upload = try await daemon.shell(
                "curl -sS -o ../answer -w '%{http_code} %{size_upload}' -m 15 --expect100-timeout 60 "
                    + "-H 'Authorization: Bearer wr1te' -H 'Content-Type: application/json' -H 'Expect: 100-continue' "
                    + "--data-binary @\(file) '\(daemon.address)/api/profiles'"
            )
            #expect(upload.output == told, "\(upload)")
        }
        #expect(try await curl(daemon, "/api/profiles/..%2F..%2Fetc%2Fpasswd").status == 404)
        let document = try await curl(daemon, "/api/openapi.json")
        #expect(document.body.contains(#""securitySchemes""#))
    }

    private func withTokens(_ body: (RunningDaemon) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "millm-tokens-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, token) in [("write", "wr1te"), ("read", "r3ad")] {
            let isThere = FileManager.default.createFile(
                atPath: folder + "/" + name,
                contents: Data(token.utf8),
                attributes: [.posixPermissions: 0o600]
            )
            #expect(isThere)
        }
        try await RunningDaemon.with(
            ["--token-file", folder + "/write", "--read-token-file", folder + "/read"],
            body
        )
    }
}
