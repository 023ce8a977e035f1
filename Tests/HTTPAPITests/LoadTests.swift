import FileWatching
import Foundation
import HTTPAPI
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import MillmTesting
import ProfileDirectory
import Reconciliation
import Steering
import Synchronization
import Testing

/// Many clients at once through real sockets, while files change underneath. `make load` does the same for longer.
@Suite(.timeLimit(.minutes(5)))
struct LoadTests {
    private static let clients = 32
    private static let requestsEach = 20

    @Test func `under load nothing fails and no acknowledged write is lost`() async throws {
        try await ManagedProfiles.with { managed in
            let ledger = Ledger(folder: managed.profiles)
            for number in 0..<40 { try ledger.save("load-\(number)", name: "Load \(number)") }
            let watch = try DirectoryWatch(managed.profiles, pollInterval: .seconds(3600))
            let application = Application(
                router: managed.router,
                server: ConnectionTable(logger: Logger(label: "test")).server
            )
            try await application.test(.live) { server in
                let port = try #require(server.port)
                try await withThrowingTaskGroup { group in
                    group.addTask { await managed.loader.follow(watch) }
                    try await withThrowingTaskGroup { clients in
                        for number in 0..<Self.clients {
                            clients.addTask { try await Self.run(LoadClient(number: number, ledger: ledger), on: port) }
                        }
                        try await clients.waitForAll()
                    }
                    watch.stop()
                    try await group.waitForAll()
                }
            }
            #expect(ledger.failures.isEmpty, "\(ledger.failures.prefix(5))")
            #expect(ledger.count(of: 200) > Self.clients * Self.requestsEach / 2)
            #expect(ledger.lost.isEmpty, "\(ledger.lost)")
            // What is marked is what runs.
            let active = try await managed.send(.post, "/api/profiles/dawn/activate")
            #expect(try active.json["data"]?["applied_steering"] == true)
            #expect(managed.link == "dawn.yaml")
            #expect(managed.core.plan.strengths == [4: 1])
        }
    }

    private static func run(_ client: LoadClient, on port: Int) async throws {
        let connection = TestClient(host: "localhost", port: port, configuration: .init(timeout: .seconds(60)))
        connection.connect()
        for round in 0..<requestsEach { try await client.act(round, connection) }
        try await connection.shutdown()
    }
}

/// One of many, who reads, writes and activates by turns, and now and then saves a file.
private struct LoadClient {
    let number: Int
    let ledger: Ledger

    func act(_ round: Int, _ connection: TestClient) async throws {
        let profile = ledger.profile(number * 7 + round * 13)
        let path = "/api/profiles/" + (profile.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
        switch (number + round) % 12 {
        case 0: _ = try await send(.get, "/api/profiles", connection)
        case 1: _ = try await send(.get, path, connection)
        case 2: _ = try await send(.get, path + "/export", connection)
        case 3, 4: try await write(.patch, path, profile, connection)
        case 5:
            let shown = try await send(.get, path, connection)
            try await write(.put, path, profile, connection, condition: shown.headers[.eTag])
        case 6: try await create(connection)
        case 7 where round % 4 == 0: try await delete(path, profile, connection)
        case 8: _ = try await send(.post, path + "/activate", connection)
        case 9: _ = try await send(.post, path + "/deactivate", connection)
        case 10: try ledger.point(at: profile)
        default:
            _ = try await send(.get, ["/api/status", "/api/steering", "/metrics"][round % 3], connection)
            try ledger.save(profile, name: "Disk \(number) \(round)")
        }
    }

    private func write(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ profile: String,
        _ connection: TestClient,
        condition: String? = nil
    ) async throws {
        try await ledger.note(profile) { mark in
            let body = #"{"description":"\#(mark)"}"#
            let answer = try await send(method, path, connection, body, condition: condition)
            return answer.status == .ok ? .some(mark) : nil
        }
    }

    private func create(_ connection: TestClient) async throws {
        let start = ContinuousClock.now
        let mark = ledger.newMark()
        let body = #"{"name":"\#(mark) é🙂","description":"\#(mark)","steering":{"3":1}}"#
        let answer = try await send(.post, "/api/profiles", connection, body)
        guard answer.status == .ok else { return }
        let data = try JSON(reading: String(buffer: answer.body ?? ByteBuffer()))["data"]
        ledger.add(try #require(data?["id"]?.string), mark, since: start)
    }

    private func delete(_ path: String, _ profile: String, _ connection: TestClient) async throws {
        try await ledger.note(profile) { _ in
            try await send(.delete, path, connection).status == .ok ? .some(nil) : nil
        }
    }

    private func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ connection: TestClient,
        _ body: String? = nil,
        condition: String? = nil
    ) async throws -> TestClient.Response {
        var headers: HTTPFields = [.connection: "keep-alive"]
        if body != nil { headers[.contentType] = "application/json" }
        if let condition { headers[.ifMatch] = condition }
        let request = TestClient.Request(
            path,
            method: method,
            authority: "localhost",
            headers: headers,
            body: body.map { ByteBuffer(string: $0) }
        )
        let answer = try await connection.execute(request)
        ledger.note(
            answer.status.code,
            of: "\(method) \(path) \(String(buffer: answer.body ?? ByteBuffer()).prefix(300))"
        )
        return answer
    }
}

/// All writes that were acknowledged, with the times between which they happened.
private final class Ledger: Sendable {
    private struct Write {
        var start: ContinuousClock.Instant
        var end: ContinuousClock.Instant
        /// What the file's description says; nil if it is gone.
        var mark: String?
    }

    private struct State {
        var profiles: [String] = []
        var writes: [String: [Write]] = [:]
        var marks = 0
        var counts: [Int: Int] = [:]
        var failures: [String] = []
    }

    private let folder: String
    private let state = Mutex(State())

    init(folder: String) {
        self.folder = folder
    }

    var failures: [String] { state.withLock { $0.failures } }

    func count(of status: Int) -> Int { state.withLock { $0.counts[status] ?? 0 } }

    func profile(_ index: Int) -> String { state.withLock { $0.profiles[index % $0.profiles.count] } }

    func newMark() -> String {
        state.withLock { state in
            state.marks += 1
            return "mark \(state.marks)"
        }
    }

    func note(_ status: Int, of request: String) {
        state.withLock { state in
            state.counts[status, default: 0] += 1
            if status >= 500 || status == 400 || status == 422 { state.failures.append("\(status): \(request)") }
        }
    }

    /// Writes, and notes what was acknowledged.
    ///
    /// - Parameter write: Tells what the file then says, or nothing if it was not written.
    func note(_ profile: String, _ write: (_ mark: String) async throws -> String??) async throws {
        let start = ContinuousClock.now
        guard let mark = try await write(newMark()) else { return }
        add(profile, mark, since: start)
    }

    func add(_ profile: String, _ mark: String?, since start: ContinuousClock.Instant) {
        let write = Write(start: start, end: .now, mark: mark)
        state.withLock { state in
            if state.writes[profile] == nil { state.profiles.append(profile) }
            state.writes[profile, default: []].append(write)
        }
    }

    /// Saves a file as an editor does, by renaming.
    func save(_ profile: String, name: String) throws {
        let start = ContinuousClock.now
        let mark = newMark()
        let text = "# \(name)\nversion: 1\nname: \(name) \(mark)\ndescription: \(mark)\nsteering: {5: 2}\n"
        try text.write(toFile: "\(folder)/\(profile).yaml", atomically: true, encoding: .utf8)
        add(profile, mark, since: start)
    }

    /// Points `active` at a profile as `ln -sfn` does.
    func point(at profile: String) throws {
        let temporary = "\(folder)/.\(newMark())"
        try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: profile + ".yaml")
        guard unsafe rename(temporary, folder + "/active") == 0 else { throw SystemError("rename") }
    }

    /// The profiles whose file is not what a write left that may have been the last one.
    var lost: [String] {
        state.withLock { $0.writes }.compactMap { profile, writes in
            guard let latest = writes.map(\.start).max() else { return nil }
            let possible = Set(writes.filter { $0.end >= latest }.map(\.mark))
            let text = try? String(contentsOfFile: "\(folder)/\(profile).yaml", encoding: .utf8)
            let found = text?.firstMatch(of: /description: '?"?(mark \d+)/).map { String($0.output.1) }
            return possible.contains(found) ? nil : "\(profile) says \(found ?? "nothing"), not \(possible)"
        }
    }
}
