import Foundation
import Hummingbird
import ProfileDirectory
import Profiles
import Reconciliation
import ServiceLifecycle

/// Tells one client what the loader does, until the client goes away or the daemon ends.
///
/// Nothing is kept for the client: when it has taken what was written, it gets what has happened since, and the
/// whole status if that is more than the loader remembers.
struct EventStream: Sendable {
    let controller: any SteeringController
    /// How often a stream in which nothing happens says that it is still there.
    let heartbeat: Duration
    /// The last event that the client knows, as it says.
    let lastEvent: String?

    /// Milliseconds after which a client that was cut off should come back.
    private static let retryTime = 2000

    /// Concurrent like the writer's own methods, since a writer stays in one isolation.
    @concurrent func write(to writer: inout any ResponseBodyWriter) async throws {
        try await writer.write(ByteBuffer(string: "retry: \(Self.retryTime)\n\n"))
        var known = lastEvent.flatMap(LoaderEvent.ID.init)
        var isReset = lastEvent != nil
        for await _ in ticks() {
            let page = controller.events(after: known)
            try await writer.write(text(of: page, isReset: isReset) ?? ByteBuffer(string: ": still here\n\n"))
            known = page.last
            isReset = true
        }
    }

    /// Comes when there may be news, and at least once in the heartbeat's time; ends when the daemon shall end.
    ///
    /// Ticks that nobody has taken yet are one.
    private func ticks() -> AsyncStream<Void> {
        let (ticks, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        // The stream's end, whichever side it comes from, is the end of this task.
        let task = Task {
            await withTaskGroup { group in
                group.addTask { for await _ in controller.statusUpdates() { continuation.yield() } }
                group.addTask {
                    while (try? await Task.sleep(for: heartbeat)) != nil { continuation.yield() }
                }
                // Returns when the daemon shall end, throws when the task is cancelled.
                try? await gracefulShutdown()
                group.cancelAll()
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return ticks
    }

    /// What a page says, as events; nil if it says nothing.
    private func text(of page: LoaderEvent.Page, isReset: Bool) throws -> ByteBuffer? {
        if let status = page.snapshot {
            return try event(page.last, isReset ? "reset" : "status", status)
        }
        guard !page.events.isEmpty else { return nil }
        return try page.events.reduce(into: ByteBuffer()) { text, event in
            text.writeImmutableBuffer(try self.event(event.id, event.kind.rawValue, Body(event)))
        }
    }

    private func event(_ id: LoaderEvent.ID, _ name: String, _ data: some Encodable) throws -> ByteBuffer {
        var buffer = ByteBuffer(string: "id: \(id)\nevent: \(name)\ndata: ")
        buffer.writeBytes(try JSONEncoder.api.encode(data))
        buffer.writeString("\n\n")
        return buffer
    }

    private struct Body: Encodable {
        @ExplicitNull var profileID: String?
        let at: Timestamp
        let state: LoaderStatus.State
        let generation: Int
        @ExplicitNull var applied: LoaderStatus.Applied?
        @ExplicitNull var reason: LoaderStatus.Reason?

        enum CodingKeys: String, CodingKey {
            case at, state, generation, applied, reason
            case profileID = "profile_id"
        }

        init(_ event: LoaderEvent) {
            profileID = event.profile?.description
            at = event.time
            state = event.status.state
            generation = event.status.generation
            applied = event.status.applied
            reason = event.status.reason
        }
    }
}
