package import ProfileDirectory
import Synchronization

/// The current status, readable from anywhere at any time, and told to everyone who wants to know.
package final class StatusBoard: Sendable {
    private struct State {
        var status: LoaderStatus
        var subscribers: [Int: AsyncStream<LoaderStatus>.Continuation] = [:]
        var nextSubscriber = 0
    }

    private let state: Mutex<State>

    package init(_ status: LoaderStatus) {
        state = Mutex(State(status: status))
    }

    package var status: LoaderStatus { state.withLock { $0.status } }

    /// Replaces the status and tells the subscribers.
    package func publish(_ status: LoaderStatus) {
        let subscribers = state.withLock { state in
            state.status = status
            return Array(state.subscribers.values)
        }
        for subscriber in subscribers { subscriber.yield(status) }
    }

    /// The status now and after each change, newest only.
    package func updates() -> AsyncStream<LoaderStatus> {
        let (stream, continuation) = AsyncStream<LoaderStatus>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            let id = state.nextSubscriber
            state.nextSubscriber += 1
            state.subscribers[id] = continuation
            continuation.yield(state.status)  // under the lock, so that no newer one can come before it
            return id
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.subscribers.removeValue(forKey: id) }
        }
        return stream
    }
}
