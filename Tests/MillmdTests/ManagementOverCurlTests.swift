import Foundation
import MillmTesting
import Testing

/// The management API as people meet it: the real daemon, a real socket, curl.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ManagementOverCurlTests {
    @Test func `a profile's whole life`() async throws {
        try await RunningDaemon.with { daemon in
            let plain = try await daemon.chat().text
            let created = try await daemon.curl(
                "-X POST /api/profiles",
                body: #"{"name":"Été à la cour","steering":{"1588":50},"layer":15,"colour":"red"}"#
            )
            #expect(created.status == 200)
            #expect(created.data["id"] as? String == "été-à-la-cour")
            #expect(created.data["warnings"] as? [String] == ["The field 'colour' is unknown and was ignored."])
            let path = "/api/profiles/%C3%A9t%C3%A9-%C3%A0-la-cour"
            let etag = try #require(created.data["etag"] as? String)

            // Nobody loses a change that was made meanwhile.
            let changed = try await daemon.curl(
                "-X PATCH \(path) -H 'If-Match: \"\(etag)\"'",
                body: #"{"description":"Warm."}"#
            )
            #expect(changed.status == 200)
            let stale = try await daemon.curl(
                "-X PATCH \(path) -H 'If-Match: \"\(etag)\"'",
                body: #"{"description":"Cold."}"#
            )
            #expect(stale.status == 412)
            #expect(stale.code == "PROFILE_CONFLICT")
            try await daemon.shell("grep -qx 'description: Warm.' été-à-la-cour.yaml")

            let activated = try await daemon.curl("-X POST \(path)/activate")
            #expect(activated.data["applied_steering"] as? Bool == true)
            #expect(activated.data["feature_count"] as? Int == 1)
            let court = try await daemon.chat().text
            #expect(court != plain)
            #expect(try await daemon.shell("readlink active").output == "été-à-la-cour.yaml\n")
            #expect(try await daemon.curl("-X DELETE \(path)").code == "PROFILE_ACTIVE")
            // What the API does is a file at once, and the other way round.
            #expect(try await daemon.millm("active").output == "été-à-la-cour\n")
            try await daemon.shell("cp été-à-la-cour.yaml copy.yaml && sed -i 's/^name: .*/name: Copy/' copy.yaml")
            #expect(try await daemon.curl("/api/profiles/copy").data["name"] as? String == "Copy")

            let exported = try await daemon.shell("curl -sD- '\(daemon.address)\(path)/export' -o ../export.json")
            #expect(exported.output.contains(#"filename="_t_-_-la-cour.json"; filename*=UTF-8''%C3%A9t%C3%A9"#))
            #expect(try await daemon.curl("-X POST \(path)/deactivate").data["cleared_steering"] as? Bool == true)
            #expect(try await daemon.chat().text == plain)
            #expect(try await daemon.curl("-X DELETE \(path)").status == 200)
            let imported = try await daemon.curl(
                "-X POST /api/profiles/import -H 'Content-Type: application/json' -d @../export.json"
            )
            #expect(imported.data["id"] as? String == "été-à-la-cour")
            #expect(imported.data["description"] as? String == "Warm.")
        }
    }

    @Test func `steering without a file steers the next answer, until something is activated`() async throws {
        try await RunningDaemon.with { daemon in
            let plain = try await daemon.chat().text
            let moon = try await daemon.chat(profile: "moonlight").text
            let court = try await daemon.chat(profile: "royal-court").text
            #expect(try await daemon.curl("-X PUT /api/steering", body: #"{"steering":{"1588":50}}"#).status == 200)
            #expect(try await daemon.chat().text == court)
            let status = try await daemon.status()
            #expect(status["state"] as? String == "held")
            #expect((status["applied"] as? [String: Any])?["source"] as? String == "api")

            let bad = try await daemon.curl("-X PUT /api/steering", body: #"{"steering":{"1588":50,"3072":1}}"#)
            #expect(bad.status == 400)
            #expect(bad.code == "INVALID_FEATURE_INDEX")
            #expect(try await daemon.chat().text == court)

            _ = try await daemon.curl("-X POST /api/profiles/moonlight/activate", body: #"{"apply_steering":false}"#)
            #expect(try await daemon.chat().text == court)
            try await daemon.shell("ln -sfn moonlight.yaml active")
            try await daemon.status { $0["state"] as? String == "ok" }
            #expect(try await daemon.chat().text == moon)
            #expect(try await daemon.curl("-X DELETE /api/steering").status == 200)
            #expect(try await daemon.chat().text == plain)
        }
    }

    @Test func `a profile for another model runs by force, from the API and the command line`() async throws {
        try await RunningDaemon.with { daemon in
            let court = try await daemon.chat(profile: "royal-court").text
            try await daemon.shell(
                "sed 's/^model: .*/model: GPT-2/; s/^name: .*/name: Other/' royal-court.yaml > other.yaml"
            )
            let refused = try await daemon.curl("-X POST /api/profiles/other/activate")
            #expect(refused.status == 409)
            let forced = try await daemon.curl("-X POST /api/profiles/other/activate", body: #"{"force":true}"#)
            #expect(forced.data["applied_steering"] as? Bool == true)
            #expect(try await daemon.chat().text == court)
            _ = try await daemon.curl("-X POST /api/profiles/moonlight/activate")
            #expect(try await daemon.curl("-X POST /api/profiles/other/activate").status == 409)
        }
    }

    @Test func `events come as they happen, are replayed, and end with the daemon`() async throws {
        try await RunningDaemon.with { daemon in
            let first = try Follower(daemon, into: "events.txt")
            try await daemon.wait(for: "event: status", in: "events.txt")
            try await daemon.shell("ln -sfn moonlight.yaml active")
            try await daemon.wait(for: "event: applied", in: "events.txt")
            let text = try await daemon.shell("grep -E '^(id|event):' ../events.txt").output
            let lines = text.split(separator: "\n").map(String.init)
            #expect(lines.filter { $0.hasPrefix("event") } == ["event: status", "event: activated", "event: applied"])

            let known = try #require(lines.first?.dropFirst("id: ".count))
            let second = try Follower(daemon, after: String(known), into: "replay.txt")
            try await daemon.wait(for: "event: applied", in: "replay.txt")
            let replayed = try await daemon.shell("grep '^event:' ../replay.txt").output
            #expect(replayed == "event: activated\nevent: applied\n")

            // One that does not read any more must not hold up the end.
            let still = try Follower(daemon, into: "still.txt")
            try await daemon.wait(for: "event: status", in: "still.txt")
            still.stopReading()
            let start = ContinuousClock.now
            #expect(await daemon.stop() == 0)
            #expect(ContinuousClock.now - start < .seconds(9))
            still.goOn()
            for follower in [first, second, still] { #expect(await follower.status == 0) }
        }
    }
}

/// A client of the stream of events in a process of its own.
private final class Follower: Sendable {
    private let process: Process

    init(_ daemon: RunningDaemon, after event: String? = nil, into file: String) throws {
        let path = daemon.root + "/" + file
        try Data().write(to: URL(fileURLWithPath: path))
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let header = event.map { ["-H", "Last-Event-ID: \($0)"] } ?? []
        process.arguments = ["curl", "-sN"] + header + [daemon.address + "/api/events"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try process.run()
    }

    /// curl's exit code, when it has ended: 0 if the stream had a proper end.
    var status: Int32 {
        get async {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { [process] in
                    process.waitUntilExit()
                    continuation.resume(returning: process.terminationStatus)
                }
            }
        }
    }

    func stopReading() { kill(process.processIdentifier, SIGSTOP) }

    func goOn() { kill(process.processIdentifier, SIGCONT) }
}

extension RunningDaemon {
    /// What curl was answered.
    struct CurlAnswer {
        var status: Int
        var data: [String: Any]
        /// The error's code.
        var code: String?
    }

    /// Waits until a file beside the profiles holds a text.
    fileprivate func wait(for text: String, in file: String) async throws {
        let result = try await shell("timeout 20 sh -c \"until grep -q '\(text)' ../\(file); do :; done\"")
        guard result.status == 0 else { throw DeadlinePassed(description: "'\(text)' has not come into \(file).") }
    }

    /// Runs curl on a path, which stands behind the options.
    ///
    /// - Parameter body: JSON to send.
    func curl(_ arguments: String, body: String? = nil) async throws -> CurlAnswer {
        let options = arguments.replacing(/\/api/, with: "'\(address)'/api", maxReplacements: 1)
        let data = body.map { "-H 'Content-Type: application/json' -d '\($0)'" } ?? ""
        let result = try await shell("curl -s -w '\\n%{http_code}' \(options) \(data)")
        let parts = result.output.split(separator: "\n").map(String.init)
        let json = try JSONSerialization.jsonObject(with: Data((parts.first ?? "").utf8)) as? [String: Any] ?? [:]
        return CurlAnswer(
            status: parts.last.flatMap { Int($0) } ?? 0,
            data: json["data"] as? [String: Any] ?? [:],
            code: (json["error"] as? [String: Any])?["code"] as? String
        )
    }
}
