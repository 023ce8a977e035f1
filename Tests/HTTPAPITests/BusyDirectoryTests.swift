import Foundation
import Glibc
import HTTPTypes
import MillmTesting
import Steering
import Testing

/// While another program has the lock of the directory: `git` in a hook, or a command that was stopped.
struct BusyDirectoryTests {
    /// This process holds the lock, by another descriptor.
    private static var message: String {
        get throws {
            let name = try String(contentsOfFile: "/proc/self/comm", encoding: .utf8).dropLast()
            return
                "Another program (\(name), pid \(getpid())) is writing in 'profiles' and does not come to an end. Try again."
        }
    }

    @Test(
        arguments: [
            (HTTPRequest.Method.post, "", #"{"name":"New","steering":{}}"#),
            (.post, "/save-current", #"{"name":"Now"}"#),
            (.post, "/import", #"{"version":"1.0","name":"Late","steering":{"1":1}}"#),
            (.put, "/dawn", #"{"description":"x"}"#), (.patch, "/dawn", #"{"description":"x"}"#),
            (.delete, "/dawn", nil), (.post, "/dawn/activate", nil), (.post, "/night/deactivate", nil),
        ] as [(HTTPRequest.Method, String, String?)]
    )
    func `who writes is told to try again, and who reads is served`(
        method: HTTPRequest.Method,
        path: String,
        body: String?
    ) async throws {
        try await ManagedProfiles.with(patience: .milliseconds(20)) { managed in
            _ = try await managed.send(.post, "/api/profiles/night/activate")
            let other = try ForeignLock(managed.profiles)
            let answer = try await managed.send(method, "/api/profiles" + path, body)
            #expect(answer.status == 503)
            #expect(answer.header("Retry-After") == "1")
            #expect(try answer.json["error"]?["code"] == "DIRECTORY_BUSY")
            #expect(try answer.json["error"]?["message"] == .text(try Self.message))
            for read in ["", "/dawn", "/active", "/dawn/export"] {
                #expect(try await managed.send(.get, "/api/profiles" + read).status == 200)
            }
            #expect(managed.link == "night.yaml")

            other.release()
            #expect(try await managed.send(method, "/api/profiles" + path, body).status == 200)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `activations wait side by side, and nobody who needs no lock waits behind them`() async throws {
        let patience = Duration.milliseconds(500)
        try await ManagedProfiles.with(patience: patience) { managed in
            let other = try ForeignLock(managed.profiles)
            let start = ContinuousClock.now
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 {
                    group.addTask { try await managed.send(.post, "/api/profiles/night/activate").status }
                }
                let steering = try await managed.send(.put, "/api/steering", #"{"steering":{"5":2}}"#)
                #expect(steering.status == 200)
                #expect(managed.core.plan.strengths == [5: 2])
                for try await status in group { #expect(status == 503) }
            }
            // One after the other they would wait forty times as long.
            #expect(ContinuousClock.now - start < patience * 20)
            #expect(managed.core.plan.strengths == [5: 2])

            async let late = managed.send(.post, "/api/profiles/night/activate")
            other.release()
            #expect(try await late.json["data"]?["applied_steering"] == true)
        }
    }
}
