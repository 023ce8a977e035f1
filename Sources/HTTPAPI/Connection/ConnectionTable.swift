package import HummingbirdCore
package import Logging
import NIOCore
import Synchronization

/// The open connections. When there are as many as may be, the one that has waited longest without a whole request
/// makes room for the next: who connects and says nothing, never comes to an end, or does not read, shuts nobody out.
package final class ConnectionTable: AvailableConnectionsDelegate {
    /// Tells a connection that it has to make room, if it still waits.
    struct Eviction: Sendable {
        let place: Int
    }

    private struct State {
        var count = 0
        /// The connections that wait for their clients; the smaller the number, the longer.
        var waiting: [Int: any Channel] = [:]
        var nextPlace = 0
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
    func enter(_ channel: any Channel) -> Int {
        state.withLock { $0.count += 1 }
        let place = add(channel)
        makeRoom(besides: place)
        return place
    }

    /// Counts a connection no longer.
    func leave() {
        state.withLock { $0.count -= 1 }
    }

    /// Notes that a connection waits for its client.
    ///
    /// - Returns: Its place, to be given up when it no longer waits.
    func add(_ channel: any Channel) -> Int {
        state.withLock { state in
            state.nextPlace += 1
            state.waiting[state.nextPlace] = channel
            return state.nextPlace
        }
    }

    /// Notes that a connection no longer waits, or is closed.
    func remove(_ place: Int) {
        state.withLock { _ = $0.waiting.removeValue(forKey: place) }
    }

    /// Asks the connection that has waited longest to go, if there are too many.
    ///
    /// - Parameter newcomer: The place of a connection that has just come; nil spares none.
    func makeRoom(besides newcomer: Int? = nil) {
        evict { $0.keys.filter { $0 != newcomer }.min() }
    }

    /// Asks a connection to go, if there are too many: when the last one came, all others were busy.
    func giveWay(_ place: Int) {
        evict { _ in place }
    }

    private func evict(_ choice: ([Int: any Channel]) -> Int?) {
        let evicted = state.withLock { state -> (place: Int, channel: any Channel)? in
            guard state.count > limits.connections, let place = choice(state.waiting) else { return nil }
            return state.waiting.removeValue(forKey: place).map { (place, $0) }
        }
        guard let evicted else { return }
        // Never at once: it may be about to be told that a request has come.
        evicted.channel.eventLoop.execute {
            evicted.channel.pipeline.fireUserInboundEventTriggered(Eviction(place: evicted.place))
        }
    }
}
