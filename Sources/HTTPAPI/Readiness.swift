import Synchronization

/// Whether the daemon wants requests: what `/readyz` tells a load balancer.
///
/// The owner of the server's lifetime moves it on; it never goes back.
package final class Readiness: Sendable {
    package enum State: String, Hashable, Sendable {
        /// The directory has not been looked at yet.
        case starting
        /// Requests are welcome.
        case ready
        /// Requests in flight are being finished before the process ends.
        case draining
    }

    private let current = Mutex(State.starting)

    package init() {}

    /// The state now.
    package var state: State { current.withLock { $0 } }

    /// Welcomes requests, unless the end has begun.
    package func markReady() {
        current.withLock { if $0 == .starting { $0 = .ready } }
    }

    /// Turns new requests away, for good.
    package func markDraining() {
        current.withLock { $0 = .draining }
    }
}
