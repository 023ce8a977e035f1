import Synchronization

/// How many requests there were and how long they took, by route.
///
/// Routes are templates and methods those of the routes, so the number of series has a bound that no client moves.
final class RequestMetrics: Sendable {
    /// What requests are told apart by.
    struct Route: Hashable, Comparable {
        var method: String
        var template: String

        static func < (lhs: Self, rhs: Self) -> Bool {
            (lhs.template, lhs.method) < (rhs.template, rhs.method)
        }
    }

    /// How long the requests of a route took.
    struct Durations {
        /// The buckets' upper bounds in seconds; a last one without bound follows them.
        static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

        /// How many requests fell into each bucket, not counting the ones before it.
        fileprivate(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
        /// All durations together, in seconds.
        fileprivate(set) var sum = 0.0
        /// Status → how many requests were answered with it.
        fileprivate(set) var statuses: [Int: Int] = [:]
    }

    private struct State {
        var routes: [Route: Durations] = [:]
        var inFlight = 0
    }

    private let state = Mutex(State())

    /// How many requests are being answered.
    var inFlight: Int { state.withLock { $0.inFlight } }

    /// All routes that have been asked, in order.
    var routes: [(route: Route, durations: Durations)] {
        state.withLock { $0.routes }.sorted { $0.key < $1.key }.map { (route: $0.key, durations: $0.value) }
    }

    /// Notes that a request has come.
    func begin() {
        state.withLock { $0.inFlight += 1 }
    }

    /// Notes that a request's answer is through.
    func end(_ route: Route, status: Int, after duration: Duration) {
        let seconds = duration / .seconds(1)
        let bucket = Durations.bounds.firstIndex { seconds <= $0 } ?? Durations.bounds.count
        state.withLock { state in
            state.inFlight -= 1
            state.routes[route, default: Durations()].counts[bucket] += 1
            state.routes[route]?.sum += seconds
            state.routes[route]?.statuses[status, default: 0] += 1
        }
    }
}
