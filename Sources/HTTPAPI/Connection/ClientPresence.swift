import NIOCore
import Synchronization

/// What a connection knows of its client: whether there is somebody to answer.
///
/// Each connection has one, which its handler keeps up to date; a request leaves nothing in it when it is answered.
final class ClientPresence: Sendable {
    /// How far a client has gone.
    enum Departure: Int, Comparable {
        /// It has ended its side: it may have gone, or may be waiting for its answer (`nc -N`).
        case finished
        /// The connection is closed.
        case gone

        static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    private struct State {
        var departure: Departure?
        var watchers: [Int: AsyncStream<Departure>.Continuation] = [:]
        var nextWatcher = 0
    }

    private let state = Mutex(State())

    /// How many wait for the client's departure.
    var watcherCount: Int { state.withLock(\.watchers.count) }

    /// Notes how far the client has gone.
    func note(_ departure: Departure) {
        let watchers = state.withLock { state in
            state.departure = max(state.departure ?? departure, departure)
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.yield(departure) }
    }

    /// Returns once the client has gone so far, or the task is cancelled.
    func wait(for departure: Departure) async {
        for await reached in departures() where reached >= departure { return }
    }

    /// How far the client has gone by now, and each step from there.
    private func departures() -> AsyncStream<Departure> {
        let (stream, continuation) = AsyncStream<Departure>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let watcher = state.withLock { state in
            let watcher = state.nextWatcher
            state.nextWatcher += 1
            state.watchers[watcher] = continuation
            if let departure = state.departure { continuation.yield(departure) }
            return watcher
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.watchers.removeValue(forKey: watcher) }
        }
        return stream
    }
}

extension ClientPresence {
    /// The presence of a connection's client.
    static func on(_ channel: any Channel) async -> ClientPresence {
        let known = try? await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.handler(type: ConnectionGuard.self).presence
        }.get()
        if let known { return known }
        // A connection that has closed has no handlers any more.
        let presence = ClientPresence()
        channel.closeFuture.whenComplete { _ in presence.note(.gone) }
        return presence
    }
}
