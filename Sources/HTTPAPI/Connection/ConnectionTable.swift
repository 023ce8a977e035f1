package import HummingbirdCore
package import Logging
import NIOCore
import Synchronization

/// The open connections. When there are as many as may be, one that waits for its client makes room for the next: who
/// connects and says nothing, never comes to an end, or does not read, shuts nobody out. First those go that were
/// answered and have sent nothing since, for nothing is lost with them; of equals the one that has waited longest. Nobody
/// has to go who has not waited for ``ConnectionLimits/graceTime``, for a request may be on its way.
package final class ConnectionTable: AvailableConnectionsDelegate {
    /// Where a connection stands among those that wait; those before others go first.
    struct Place: Hashable, Comparable {
        /// Whether the client was answered and has sent nothing since.
        let isIdle: Bool
        /// The smaller, the longer it has waited.
        let number: Int

        static func < (lhs: Self, rhs: Self) -> Bool {
            lhs.isIdle == rhs.isIdle ? lhs.number < rhs.number : lhs.isIdle
        }
    }

    /// Tells a connection that it has to make room, if it still waits.
    struct Eviction: Sendable {
        let place: Place
    }

    private struct State {
        var count = 0
        /// The connections that wait for their clients.
        var waiting: [Place: Waiter] = [:]
        /// How many places were given.
        var places = 0
        /// The places of connections that have been asked to go and are still there.
        var leaving: Set<Place> = []
        /// Whether it will be looked again for somebody who can go.
        var willLookAgain = false
    }

    private struct Waiter {
        let channel: any Channel
        /// When it must go if others need the room.
        let graceEnd: ContinuousClock.Instant
    }

    let limits: ConnectionLimits
    /// Where it is written what was refused before there was a request.
    let logger: Logger
    private let state = Mutex(State())

    package init(_ limits: ConnectionLimits = ConnectionLimits(), logger: Logger) {
        self.limits = limits
        self.logger = logger
    }

    /// The server's HTTP/1.1 under the limits.
    package var server: HTTPServerBuilder {
        .http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionGuard(table: self)],
                idleTimeout: TimeAmount(limits.idleTime),
                httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                    maxHeaderFieldSize: limits.headerFieldSize,
                    maxHeaderListSize: limits.headerListSize,
                    maxHeaderFieldCount: limits.headerCount
                )
            )
        )
    }

    // MARK: - What the server asks

    /// One more than may be is let in, for it is what others make room for; unless none of them can.
    package func isAcceptingNewConnections() -> Bool {
        state.withLock { $0.count <= limits.connections }
    }

    // Connections tell so themselves.
    package func connectionOpened() {}
    package func connectionClosed() {}

    // MARK: - What connections tell

    /// Counts a connection, which waits for its first request, and lets another one make room for it.
    ///
    /// - Returns: Its place, to be given up when it no longer waits.
    func enter(_ channel: any Channel) -> Place {
        state.withLock { $0.count += 1 }
        return add(channel, isIdle: false)
    }

    /// Counts a connection no longer, wherever it has its place, if it waits.
    func leave(_ place: Place?) {
        state.withLock { state in
            state.count -= 1
            guard let place else { return }
            state.waiting[place] = nil
            state.leaving.remove(place)
        }
        makeRoom()
    }

    /// Notes that a connection waits for its client, and lets it make room in its turn if there are too many.
    ///
    /// - Parameter isIdle: Whether the client was answered and has sent nothing since.
    /// - Returns: Its place, to be given up when it no longer waits, or no longer in the same way.
    func add(_ channel: any Channel, isIdle: Bool) -> Place {
        let place = state.withLock { state in
            state.places += 1
            let place = Place(isIdle: isIdle, number: state.places)
            state.waiting[place] = Waiter(channel: channel, graceEnd: .now + limits.graceTime)
            return place
        }
        makeRoom()
        return place
    }

    /// Notes that a connection no longer waits.
    func remove(_ place: Place) {
        state.withLock { state in
            state.waiting[place] = nil
            state.leaving.remove(place)
        }
    }

    /// Asks as many to go as there are too many; again later if their time has not come.
    func makeRoom() {
        let now = ContinuousClock.now
        var asked: [(place: Place, channel: any Channel)] = []
        let next = state.withLock { state -> Waiter? in
            while state.count - state.leaving.count > limits.connections {
                let ready = state.waiting.filter { $0.value.graceEnd <= now }
                guard let (place, waiter) = ready.min(by: { $0.key < $1.key }) else {
                    guard !state.willLookAgain else { return nil }
                    let next = state.waiting.values.min { $0.graceEnd < $1.graceEnd }
                    state.willLookAgain = next != nil
                    return next
                }
                state.waiting[place] = nil
                state.leaving.insert(place)
                asked.append((place, waiter.channel))
            }
            return nil
        }
        for (place, channel) in asked {
            // Never at once: it may be about to be told that a request has come.
            channel.eventLoop.execute {
                channel.pipeline.fireUserInboundEventTriggered(Eviction(place: place))
            }
        }
        guard let next else { return }
        next.channel.eventLoop.scheduleTask(in: TimeAmount(next.graceEnd - now)) { [self] in
            state.withLock { $0.willLookAgain = false }
            makeRoom()
        }
    }
}
