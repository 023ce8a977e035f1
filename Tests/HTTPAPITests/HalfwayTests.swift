import Foundation
import Glibc
import HTTPTypes
import ProfileDirectory
import Profiles
import Reconciliation
import Synchronization
import Testing

@testable import HTTPAPI

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
        var isInTime = false
        while !isInTime { try await ManagedProfiles.with { isInTime = try await attempt($0) } }
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

    @Test(arguments: Replacement.allCases, ["/night", ""])
    func `a file that is replaced again and again is always there`(
        _ replacement: Replacement,
        path: String
    ) async throws {
        try await ManagedProfiles.with { managed in
            let file = managed.profiles + "/night.yaml"
            let gaps = Gaps()
            _ = try await managed.send(.get, "/api/profiles")
            try await Self.whileWriting {
                gaps.begin()
                replacement.begin(file)
                usleep(2_000)
                replacement.finish(file, Self.night)
                gaps.end()
                usleep(20_000)
            } body: {
                var answered = 0
                while answered < 100 {
                    gaps.forget()
                    let start = ContinuousClock.now
                    let answer = try await managed.send(.get, "/api/profiles" + path)
                    // A machine that is slower than editors, or meets one gap ten times, tells nothing.
                    let took = ContinuousClock.now - start
                    let longest = gaps.longest
                    guard took < ProfileLoader.settlingTime * 10, longest < ProfileLoader.settlingTime else { continue }
                    answered += 1
                    let data = try answer.json["data"]
                    let listed = (0..<3).compactMap { data?["profiles"]?[$0] }.first { $0["id"] == "night" }
                    let night = path.isEmpty ? listed : data
                    #expect(night?["valid"] == true, "\(took) \(answer.status) \(answer.text)")
                }
            }
        }
    }

    /// Runs the body while another program does the same again and again.
    private static func whileWriting(
        _ step: @escaping @Sendable () -> Void,
        body: () async throws -> Void
    ) async throws {
        let isOver = Mutex(false)
        let writer = Thread { while !isOver.withLock({ $0 }) { step() } }
        writer.start()
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        isOver.withLock { $0 = true }
        while !writer.isFinished { await Task.yield() }
        try outcome.get()
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

    @Test(arguments: ["night", "Night"])
    func `a chat waits until the profile that it names is written to its end`(name: String) async throws {
        try await untilInTime { managed in
            let start = ContinuousClock.now
            let file = unsafe open(managed.profiles + "/night.yaml", O_WRONLY | O_TRUNC | O_CLOEXEC)
            #expect(file >= 0)
            Self.append("version: 1\nname: Night\nsteering:\n  3: 2.5\n", to: file)
            async let sent = managed.send(.post, "/v1/chat/completions", Self.chat(name))
            // The writer's pause between its two halves.
            try await Task.sleep(for: .milliseconds(200))
            Self.append("  4: 1\n  5: 1\n", to: file)
            close(file)
            let isInTime = ContinuousClock.now - start < Completeness.open.rest
            let answer = try await sent
            guard isInTime else { return false }
            #expect(try answer.json["steering"]?["features"] == 3, "\(answer.text)")
            return true
        }
    }

    @Test func `a chat does not wait for who has a profile open and no longer writes to it`() async throws {
        try await ManagedProfiles.with { managed in
            let file = unsafe open(managed.profiles + "/night.yaml", O_WRONLY | O_CLOEXEC)
            defer { close(file) }
            let times = [timespec(tv_sec: 1_700_000_000, tv_nsec: 0), timespec(tv_sec: 1_700_000_000, tv_nsec: 0)]
            #expect(unsafe futimens(file, times) == 0)
            let start = ContinuousClock.now
            let answer = try await managed.send(.post, "/v1/chat/completions", Self.chat("night"))
            #expect(try answer.json["steering"]?["features"] == 2, "\(answer.text)")
            #expect(ContinuousClock.now - start < Completeness.open.rest)
        }
    }

    private static func append(_ text: String, to file: Int32) {
        _ = unsafe text.withCString { unsafe Glibc.write(file, $0, strlen($0)) }
    }

    private static func chat(_ profile: String) -> String {
        #"{"profile":"\#(profile)","messages":[{"role":"user","content":"hello"}]}"#
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
            #expect(try await managed.send(.get, "/api/profiles").json["data"]?["total"] == 2)
        }
    }

    @Test func `what has rested costs no time, though it is missing or invalid`() async throws {
        try await ManagedProfiles.with { managed in
            let desk = ProfileDesk(service: managed.service, configuration: APIConfiguration())
            let broken = try ProfileID("broken")
            func look(_ what: String, _ isAsExpected: () async throws -> Bool) async throws {
                var best = Duration.seconds(1)
                // At first nobody knows how long it has been so, and a machine may be slow now and then.
                for _ in 0..<200 where best >= .milliseconds(10) {
                    let start = ContinuousClock.now
                    let isRight = try await isAsExpected()
                    best = min(best, ContinuousClock.now - start)
                    #expect(isRight, "\(what)")
                }
                #expect(best < .milliseconds(10), "\(what)")
            }
            try await look("no link") { try await desk.activeID() == nil }
            try await look("no active profile") { try await desk.active() == nil }
            try await look("an invalid file") {
                let file = try await desk.with(broken, doubt: \.doubt) { () throws(ProfileError) in
                    try await managed.service.repository.profile(broken)
                }
                return !file.isValid
            }
        }
    }

    @Test func `a file that is invalid for good, however often it is written, holds up no list`() async throws {
        try await ManagedProfiles.with { managed in
            let file = managed.profiles + "/broken.yaml"
            try await Self.whileWriting {
                Replacement.truncateAndWrite.begin(file)
                Replacement.truncateAndWrite.finish(file, "version: 1\n")
            } body: {
                _ = try await managed.send(.get, "/api/profiles")
                // The first has waited for it. A machine may be slow now and then, but not each time.
                var times: [Duration] = []
                for _ in 0..<20 {
                    let start = ContinuousClock.now
                    let answer = try await managed.send(.get, "/api/profiles")
                    times.append(ContinuousClock.now - start)
                    #expect(answer.text.contains(#""valid":false"#))
                }
                #expect(times.min() ?? .zero < ProfileLoader.settlingTime, "\(times)")
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `many files that are gone at once hold up no list for longer than one`() async throws {
        try await ManagedProfiles.with { managed in
            let files = (0..<500).map { "\(managed.profiles)/gone-\($0).yaml" }
            for (number, file) in files.enumerated() {
                try Data("version: 1\nname: Gone \(number)\nsteering: {}\n".utf8).write(to: URL(filePath: file))
            }
            #expect(try await managed.send(.get, "/api/profiles").text.contains(#""total":503"#))
            for file in files { try FileManager.default.removeItem(atPath: file) }
            // Together they take longer to look than a change is given.
            await withTaskGroup { group in
                for _ in 0..<32 {
                    group.addTask {
                        let answer = try? await managed.send(.get, "/api/profiles")
                        #expect(answer?.text.contains(#""total":3"#) == true)
                    }
                }
            }
        }
    }

    @Test func `a program that never stops changing the directory does not hold up an answer`() async throws {
        try await ManagedProfiles.with { managed in
            let file = managed.profiles + "/other.yaml"
            try await Self.whileWriting {
                Replacement.unlinkAndCreate.begin(file)
                Replacement.unlinkAndCreate.finish(file, "")
            } body: {
                let start = ContinuousClock.now
                let answer = try await managed.send(.get, "/api/profiles/nobody")
                #expect(answer.status == 404)
                #expect(ContinuousClock.now - start < .seconds(5))
            }
        }
    }
}

/// The times between the two steps of a program that replaces a file again and again.
private final class Gaps: Sendable {
    private struct State {
        /// When the present gap has begun; nil while the file is whole.
        var start: ContinuousClock.Instant?
        var longest = Duration.zero
    }

    private let state = Mutex(State())

    /// The longest gap since those before were forgotten, the present one included.
    var longest: Duration {
        state.withLock { max($0.longest, $0.start.map { ContinuousClock.now - $0 } ?? .zero) }
    }

    func begin() { state.withLock { $0.start = .now } }

    func end() {
        state.withLock { state in
            if let start = state.start { state.longest = max(state.longest, ContinuousClock.now - start) }
            state.start = nil
        }
    }

    func forget() { state.withLock { $0.longest = .zero } }
}
