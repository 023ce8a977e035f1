import Synchronization

/// A value that is readable from anywhere at any time, and whose changes are told to everyone who wants to know.
///
/// Whoever changes it does one change after the other; of two at once, the older one may be told last.
package final class Followed<Value: Sendable>: Sendable {
    private struct State {
        var value: Value
        var followers: [Int: @Sendable (Value) -> Void] = [:]
        var nextFollower = 0
    }

    private let state: Mutex<State>

    package init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    package var value: Value { state.withLock { $0.value } }

    /// How many are told of changes.
    package var followerCount: Int { state.withLock { $0.followers.count } }

    /// Changes the value and tells the followers.
    package func update(_ change: (inout Value) -> Void) {
        let (value, followers) = state.withLock { state in
            change(&state.value)
            return (state.value, Array(state.followers.values))
        }
        for tell in followers { tell(value) }
    }

    /// A part of the value now and after each change, newest only.
    package func updates<Part: Sendable>(of part: @escaping @Sendable (Value) -> Part) -> AsyncStream<Part> {
        let (stream, continuation) = AsyncStream<Part>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let follower = state.withLock { state in
            let follower = state.nextFollower
            state.nextFollower += 1
            state.followers[follower] = { continuation.yield(part($0)) }
            continuation.yield(part(state.value))  // under the lock, so that no newer one can come before it
            return follower
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.followers.removeValue(forKey: follower) }
        }
        return stream
    }
}
