import NIOCore
import Reconciliation

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

    private let departure = Followed<Departure?>(nil)

    /// How many wait for the client's departure.
    var watcherCount: Int { departure.followerCount }

    /// Notes how far the client has gone.
    func note(_ departure: Departure) {
        self.departure.update { $0 = max($0 ?? departure, departure) }
    }

    /// Returns once the client has gone so far, or the task is cancelled.
    func wait(for departure: Departure) async {
        let steps = self.departure.updates { reached in reached.map { $0 >= departure } ?? false }
        for await hasGone in steps where hasGone { return }
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
