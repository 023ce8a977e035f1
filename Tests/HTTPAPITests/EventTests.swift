import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import MillmTesting
import NIOCore
import ProfileDirectory
import Profiles
import Reconciliation
import Steering
import Synchronization
import Testing

@testable import HTTPAPI

/// `GET /api/events`, through a real socket and at the writer.
@Suite(.timeLimit(.minutes(5)))
struct EventTests {
    /// A server-sent event, read.
    private struct Event: Hashable {
        var id: String
        var name: String
        var data: JSON

        /// The events of a text, comments and other fields left out.
        static func read(_ text: String) throws -> [Event] {
            try text.components(separatedBy: "\n\n").compactMap { part in
                let lines = part.split(separator: "\n").map(String.init)
                func field(_ name: String) -> String? {
                    lines.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
                }
                guard let id = field("id"), let name = field("event"), let data = field("data") else { return nil }
                return Event(id: id, name: name, data: try JSON(reading: data))
            }
        }
    }

    @Test func `a client gets the status, and then what happens as it happens`() async throws {
        try await ManagedProfiles.with { managed in
            try await Application(router: managed.router).test(.live) { server in
                try await WireClient.connected(to: try #require(server.port)) { wire in
                    try await wire.get("/api/events")
                    let opening = await wire.read(until: "\"state\":\"inactive\"")
                    #expect(opening.hasPrefix("HTTP/1.1 200 OK\r\n"))
                    #expect(opening.lowercased().contains("content-type: text/event-stream\r\n"))
                    #expect(opening.contains("retry: 2000\n\n"))
                    #expect(opening.contains("event: status\n"))

                    _ = try await managed.service.activate(ProfileID("night"))
                    let activation = await wire.read(until: "event: applied\n")
                    #expect(activation.contains("event: activated\n"))
                    try managed.write("version: 1\n", to: "night.yaml")
                    _ = await managed.loader.reconcile()
                    let rejection = await wire.read(until: "event: rejected\n")
                    #expect(!rejection.contains("event: applied\n"))
                    _ = try await managed.service.steer(by: [1: 1])
                    _ = await wire.read(until: "event: applied\n")
                    _ = try await managed.service.deactivate(ProfileID("night"))
                    _ = await wire.read(until: "event: deactivated\n")
                }
            }
        }
    }

    @Test func `an event tells whom it is about and what the core runs`() async throws {
        try await ManagedProfiles.with { managed in
            let start = managed.loader.events(after: nil).last
            _ = try await managed.service.activate(ProfileID("night"))
            let text = try await Self.stream(managed.loader, lastEvent: start.description, until: "event: applied")
            let events = try Event.read(text)
            #expect(events.map(\.id) == ["\(start.run)-1", "\(start.run)-2"])
            #expect(events.map(\.name) == ["activated", "applied"])
            let data = events.last?.data
            #expect(data?["profile_id"] == "night")
            #expect(data?["state"] == "ok")
            #expect(data?["generation"] == 1)
            #expect(data?["applied"]?["features"] == 2)
            #expect(data?["reason"] == JSON.null)
            #expect(data?["at"]?.string.flatMap(Timestamp.init) != nil)
        }
    }

    @Test func `the end of a fault is an event, though nothing is applied for it`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.service.activate(ProfileID("night"))
            let known = managed.loader.events(after: nil).last
            let night = try managed.read("night.yaml")
            try managed.write("version: 1\n", to: "night.yaml")
            #expect(await managed.loader.reconcile().state == .degraded)
            try managed.write(night, to: "night.yaml")
            #expect(await managed.loader.reconcile().state == .ok)
            _ = try await managed.service.deactivate(ProfileID("night"))
            // A link that nothing can be said of, which goes away again.
            try FileManager.default.createSymbolicLink(
                atPath: managed.profiles + "/active",
                withDestinationPath: "/elsewhere"
            )
            #expect(await managed.loader.reconcile().state == .degraded)
            try FileManager.default.removeItem(atPath: managed.profiles + "/active")
            #expect(await managed.loader.reconcile().state == .inactive)

            let last = managed.loader.events(after: nil).last
            let text = try await Self.stream(managed.loader, lastEvent: known.description, until: "id: \(last)\n")
            let events = try Event.read(text)
            let names = ["rejected", "recovered", "deactivated", "applied", "rejected", "recovered"]
            #expect(events.map(\.name) == names)
            #expect(
                events.map { $0.data["state"] } == ["degraded", "ok", "inactive", "inactive", "degraded", "inactive"]
            )
            #expect(events.map { $0.data["generation"] } == [1, 1, 2, 2, 2, 2])
            #expect(events[1].data["profile_id"] == "night")
            #expect(events[1].data["reason"] == JSON.null)
            #expect(events.map(\.id) == (1...6).map { "\(known.run)-\(known.number + $0)" })
        }
    }

    @Test func `a client that comes back gets what it has missed, in order`() async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.service.activate(ProfileID("night"))
            let known = managed.loader.events(after: nil).last
            _ = try await managed.service.activate(ProfileID("dawn"))
            _ = try await managed.service.deactivate(ProfileID("dawn"))
            let text = try await Self.stream(managed.loader, lastEvent: known.description, until: "event: deactivated")
            let events = try Event.read(text)
            #expect(events.map(\.name) == ["activated", "applied", "deactivated", "applied"])
            #expect(events.map(\.id) == (3...6).map { "\(known.run)-\($0)" })
        }
    }

    @Test(arguments: ["1-1", "nonsense", "", "99999999999999999999-1"])
    func `a client from another run of the daemon starts anew with the whole status`(lastEvent: String) async throws {
        try await ManagedProfiles.with { managed in
            _ = try await managed.service.activate(ProfileID("night"))
            let text = try await Self.stream(managed.loader, lastEvent: lastEvent, until: "event: reset")
            let event = try #require(try Event.read(text).first)
            #expect(event.id == managed.loader.events(after: nil).last.description)
            #expect(event.data["applied"]?["id"] == "night")
            #expect(event.data["counters"]?["applies"] == 1)
        }
    }

    @Test func `a stream in which nothing happens says that it is still there`() async throws {
        try await ManagedProfiles.with { managed in
            let text = try await Self.stream(
                managed.loader,
                lastEvent: nil,
                heartbeat: .milliseconds(1),
                until: ": still"
            )
            #expect(text.contains(": still here\n\n"))
        }
    }

    @Test func `nothing is kept for a client that does not read`() async throws {
        try await ManagedProfiles.with { managed in
            _ = await managed.loader.reconcile()
            // While the client does not take the first event, more happens than is remembered.
            let writer = GatedWriter { text in
                guard text.contains("event: status") else { return }
                for round in 1...(2 * StatusBoard.capacity + 2) {
                    _ = try await managed.service.steer(by: [1: Double(round)])
                }
            }
            let text = try await Self.stream(managed.loader, lastEvent: nil, into: writer, until: "event: reset")
            let events = try Event.read(text)
            #expect(events.map(\.name) == ["status", "reset"])
            #expect(events.last?.data["generation"] == .number(Double(2 * StatusBoard.capacity + 2)))
        }
    }

    @Test func `only so many can follow, and there is a place again when one has gone`() async throws {
        var api = APIUnderTest()
        api.configuration.eventFollowers = 2
        let request = "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
        try await api.application.test(.live) { server in
            let port = try #require(server.port)
            // Whoever asks for the headers alone takes no place.
            for _ in 0..<3 {
                let curious = try RawSocket(port: port)
                await curious.send("HEAD" + request.dropFirst(3))
                #expect(await curious.read(until: "\r\n\r\n")?.hasPrefix("HTTP/1.1 200 ") == true)
            }
            let kept = try RawSocket(port: port)
            await kept.send(request)
            #expect(await kept.read(until: "event: status\n")?.hasPrefix("HTTP/1.1 200 ") == true)
            try await WireClient.connected(to: port) { wire in
                try await wire.get("/api/events")
                #expect(await wire.read(until: "event: status\n").hasPrefix("HTTP/1.1 200 "))
                let late = try RawSocket(port: port)
                await late.send(request)
                #expect(await late.read(until: "}")?.hasPrefix("HTTP/1.1 503 ") == true)
            }
            let deadline = ContinuousClock.now + .seconds(60)
            var answer: String?
            while answer?.hasPrefix("HTTP/1.1 200 ") != true, .now < deadline {
                let next = try RawSocket(port: port)
                await next.send(request)
                answer = await next.read(until: "}")
            }
            #expect(answer?.hasPrefix("HTTP/1.1 200 ") == true, "\(answer ?? "nothing")")
            #expect(!kept.hasEnded)
        }
        api.configuration.eventFollowers = 0
        let refusal = try await api.send(.get, "/api/events")
        #expect(refusal.status == 503)
        #expect(refusal.header("Retry-After") == "10")
        #expect(try refusal.json["error"]?["code"] == "UNAVAILABLE")
        #expect(try refusal.json["success"] == false)
    }

    @Test func `HEAD tells the type and ends`() async throws {
        try await ManagedProfiles.with { managed in
            let answer = try await managed.send(.head, "/api/events")
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type") == "text/event-stream")
        }
    }

    /// What a client is written until a text has come.
    @concurrent private static func stream(
        _ loader: ProfileLoader,
        lastEvent: String?,
        heartbeat: Duration = .seconds(3600),
        into gate: GatedWriter = GatedWriter { _ in },
        until text: String
    ) async throws -> String {
        let stream = EventStream(controller: loader, heartbeat: heartbeat, lastEvent: lastEvent)
        gate.end = text
        var writer: any ResponseBodyWriter = gate
        do {
            try await stream.write(to: &writer)
        } catch is GatedWriter.Enough {
            // The client has gone, as clients do.
        }
        return gate.text
    }
}

/// A client that does something whenever it is written to, before it takes what was written.
private final class GatedWriter: ResponseBodyWriter {
    struct Enough: Error {}

    private struct State {
        var text = ""
        var end = ""
    }

    private let state = Mutex(State())
    private let onWrite: @Sendable (String) async throws -> Void

    init(_ onWrite: @escaping @Sendable (String) async throws -> Void) {
        self.onWrite = onWrite
    }

    /// All that was written.
    var text: String { state.withLock { $0.text } }

    /// The text after which the client goes away.
    var end: String {
        get { state.withLock { $0.end } }
        set { state.withLock { $0.end = newValue } }
    }

    func write(_ buffer: ByteBuffer) async throws {
        let piece = String(buffer: buffer)
        try await onWrite(piece)
        let isEnough = state.withLock { state in
            state.text += piece
            return state.text.contains(state.end)
        }
        if isEnough { throw Enough() }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
