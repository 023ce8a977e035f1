import Foundation
import Glibc
import HTTPTypes
import Profiles
import Reconciliation
import Synchronization
import Testing

/// A file that an editor replaces in two steps is neither missing nor invalid in between.
@Suite(.timeLimit(.minutes(5)))
struct HalfwayTests {
    /// How programs replace a file in two steps.
    enum Replacement: CaseIterable {
        case unlinkAndCreate, truncateAndWrite

        func begin(_ path: String) {
            switch self {
            case .unlinkAndCreate: unsafe unlink(path)
            case .truncateAndWrite: unsafe truncate(path, 0)
            }
        }

        func finish(_ path: String, _ text: String) {
            let file = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
            _ = unsafe text.withCString { unsafe Glibc.write(file, $0, strlen($0)) }
            close(file)
        }
    }

    private static let night = "version: 1\nname: Night\nsteering:\n  3: 2.5\n"

    private static let requests: [(HTTPRequest.Method, String, String?)] = [
        (.get, "", nil), (.get, "/export?format=yaml", nil), (.post, "/activate", nil),
        (.patch, "", #"{"description":"x"}"#),
        (.put, "", #"{"layer":2}"#), (.post, "/deactivate", nil),
    ]

    /// Tries until the machine was quick enough for an editor, which a busy one is not each time.
    private func untilInTime(_ attempt: (ManagedProfiles) async throws -> Bool) async throws {
        for _ in 0..<20 {
            var isInTime = false
            try await ManagedProfiles.with { isInTime = try await attempt($0) }
            if isInTime { return }
        }
        Issue.record("The machine was too slow 20 times.")
    }

    @Test(arguments: Replacement.allCases)
    func `a request in between waits until the file is whole`(_ replacement: Replacement) async throws {
        for (method, suffix, body) in Self.requests {
            try await untilInTime { managed in
                let path = managed.profiles + "/night.yaml"
                let start = ContinuousClock.now
                replacement.begin(path)
                async let sent = managed.send(method, "/api/profiles/night" + suffix, body)
                // The writer's pause between its two steps.
                try await Task.sleep(for: .milliseconds(20))
                replacement.finish(path, Self.night)
                let isInTime = ContinuousClock.now - start < ProfileLoader.settlingTime
                let answer = try await sent
                guard isInTime else { return false }
                #expect(answer.status == 200, "\(method) \(suffix): \(answer.text)")
                #expect(!answer.text.contains(#""valid":false"#), "\(answer.text)")
                return true
            }
        }
    }

    @Test(arguments: Replacement.allCases)
    func `a file that is replaced again and again is always there`(_ replacement: Replacement) async throws {
        try await untilInTime { managed in
            let path = managed.profiles + "/night.yaml"
            let isOver = Mutex(false)
            let longestGap = Mutex(Duration.zero)
            let writer = Thread {
                while !isOver.withLock({ $0 }) {
                    let start = ContinuousClock.now
                    replacement.begin(path)
                    usleep(2_000)
                    replacement.finish(path, Self.night)
                    longestGap.withLock { $0 = max($0, ContinuousClock.now - start) }
                    usleep(20_000)
                }
            }
            writer.start()
            var answers: [Answered] = []
            for _ in 0..<200 { answers.append(try await managed.send(.get, "/api/profiles/night")) }
            isOver.withLock { $0 = true }
            while !writer.isFinished { await Task.yield() }
            guard longestGap.withLock({ $0 }) < ProfileLoader.settlingTime else { return false }
            for answer in answers { #expect(answer.text.contains(#""valid":true"#), "\(answer.status) \(answer.text)") }
            return true
        }
    }

    @Test(arguments: ["/active", ""])
    func `who asks for the active profile waits for its link and its file`(path: String) async throws {
        func name(_ answer: Answered) throws -> JSON? {
            let data = try answer.json["data"]
            return path.isEmpty ? data?["active_profile_id"] : data?["id"]
        }
        for replacement in Replacement.allCases {
            try await untilInTime { managed in
                _ = try await managed.send(.post, "/api/profiles/night/activate")
                #expect(try name(await managed.send(.get, "/api/profiles" + path)) == "night")
                let link = managed.profiles + "/active"
                let start = ContinuousClock.now
                switch replacement {
                case .unlinkAndCreate: unsafe unlink(link)
                case .truncateAndWrite: replacement.begin(managed.profiles + "/night.yaml")
                }
                async let sent = managed.send(.get, "/api/profiles" + path)
                // The writer's pause between its two steps.
                try await Task.sleep(for: .milliseconds(20))
                switch replacement {
                case .unlinkAndCreate: unsafe symlink("night.yaml", link)
                case .truncateAndWrite: replacement.finish(managed.profiles + "/night.yaml", Self.night)
                }
                let isInTime = ContinuousClock.now - start < ProfileLoader.settlingTime
                let answer = try await sent
                guard isInTime else { return false }
                #expect(try name(answer) == "night", "\(answer.text)")
                if !path.isEmpty { #expect(try answer.json["data"]?["valid"] == true, "\(answer.text)") }

                unsafe unlink(link)
                #expect(try [nil, JSON.null].contains(name(await managed.send(.get, "/api/profiles" + path))))
                return true
            }
        }
    }

    @Test func `what is gone or invalid for good is told so`() async throws {
        try await ManagedProfiles.with { managed in
            var refusal = try await managed.refusal(.get, "/api/profiles/nobody")
            #expect(refusal.code == "PROFILE_NOT_FOUND")
            refusal = try await managed.refusal(.post, "/api/profiles/broken/activate")
            #expect(refusal.code == "INVALID_PROFILE_FORMAT")
            try FileManager.default.removeItem(atPath: managed.profiles + "/night.yaml")
            refusal = try await managed.refusal(.get, "/api/profiles/night")
            #expect(refusal.code == "PROFILE_NOT_FOUND")
            let broken = try await managed.send(.get, "/api/profiles/broken").json["data"]
            #expect(broken?["valid"] == false)
        }
    }

    @Test func `a program that never stops changing the directory does not hold up an answer`() async throws {
        try await ManagedProfiles.with { managed in
            let isOver = Mutex(false)
            let writer = Thread {
                while !isOver.withLock({ $0 }) {
                    Replacement.unlinkAndCreate.begin(managed.profiles + "/other.yaml")
                    Replacement.unlinkAndCreate.finish(managed.profiles + "/other.yaml", "")
                }
            }
            writer.start()
            let start = ContinuousClock.now
            let answer = try await managed.send(.get, "/api/profiles/nobody")
            #expect(answer.status == 404)
            #expect(ContinuousClock.now - start < .seconds(5))
            isOver.withLock { $0 = true }
            while !writer.isFinished { await Task.yield() }
        }
    }
}
