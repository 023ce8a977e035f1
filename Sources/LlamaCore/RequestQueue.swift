import Dispatch
import Steering
import Synchronization

/// Where requests wait for the engine's thread, and how it is told what else has happened.
///
/// All methods but ``sleep()`` return at once and may be called from any thread.
final class RequestQueue: Sendable {
    /// How the core's life goes.
    enum Phase: Int, Comparable {
        case serving
        /// No new requests; those that run are finished.
        case draining
        /// Those that run are given up, too.
        case aborting
        /// The engine's thread has let go of everything.
        case ended

        static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    private struct State {
        var phase = Phase.serving
        var nextID: UInt64 = 0
        var waiting: [AdmittedRequest] = []
        /// The requests that the thread has taken and not yet ended.
        var running: Set<UInt64> = []
        /// Those of them whose client has gone.
        var cancelled: Set<UInt64> = []
        var endWaiters: [CheckedContinuation<Void, Never>] = []
        var promptTokens = 0
        var generatedTokens = 0
    }

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    /// How many requests may be in the core at once, running or waiting.
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Adds a request at the end.
    ///
    /// - Parameter make: Makes the request with the id that it gets.
    /// - Throws: ``InferenceError`` `.shutDown`, `.queueFull`.
    func submit(_ make: (UInt64) -> AdmittedRequest) throws(InferenceError) {
        let refusal: InferenceError? = state.withLock { state in
            if state.phase != .serving { return Self.shutDown }
            if state.waiting.count + state.running.count >= capacity {
                return InferenceError(.queueFull, "\(capacity) requests are running or waiting; try again in a moment.")
            }
            state.waiting.append(make(state.nextID))
            state.nextID += 1
            return nil
        }
        if let refusal { throw refusal }
        wake.signal()
    }

    /// Gives a request up whose client has gone.
    func cancel(_ id: UInt64) {
        let removed: AdmittedRequest? = state.withLock { state in
            if let index = state.waiting.firstIndex(where: { $0.id == id }) { return state.waiting.remove(at: index) }
            if state.running.contains(id) { state.cancelled.insert(id) }
            return nil
        }
        removed?.continuation.finish()
        wake.signal()
    }

    /// Takes the first request if it passes; it counts as running from now on.
    func takeFirst(where passes: (AdmittedRequest) -> Bool) -> AdmittedRequest? {
        state.withLock { state in
            guard let first = state.waiting.first, passes(first) else { return nil }
            state.running.insert(first.id)
            state.promptTokens += first.prompt.count
            return state.waiting.removeFirst()
        }
    }

    /// Notes that so many tokens more have been generated.
    func count(generated tokens: Int) {
        state.withLock { $0.generatedTokens += tokens }
    }

    /// What the core is doing and has done.
    var activity: CoreActivity {
        state.withLock { state in
            var activity = CoreActivity()
            activity.running = state.running.count
            activity.waiting = state.waiting.count
            activity.promptTokens = state.promptTokens
            activity.generatedTokens = state.generatedTokens
            return activity
        }
    }

    /// Notes that a running request has ended.
    func end(_ id: UInt64) {
        state.withLock { state in
            state.running.remove(id)
            state.cancelled.remove(id)
        }
    }

    /// The running requests whose clients have gone, and the phase.
    var orders: (cancelled: Set<UInt64>, phase: Phase) {
        state.withLock { ($0.cancelled, $0.phase) }
    }

    /// Blocks the engine's thread until something has happened since it last slept.
    func sleep() {
        wake.wait()
    }

    /// Moves on to a later phase; requests that have not started are told that the core is shut down.
    func advance(to phase: Phase) {
        let (refused, waiters) = state.withLock { state in
            state.phase = max(state.phase, phase)
            let refused = state.waiting
            state.waiting = []
            let waiters = phase == .ended ? state.endWaiters : []
            if phase == .ended { state.endWaiters = [] }
            return (refused, waiters)
        }
        for request in refused { request.continuation.finish(throwing: Self.shutDown) }
        for waiter in waiters { waiter.resume() }
        wake.signal()
    }

    /// Returns when the engine's thread has ended.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if state.phase != .ended { state.endWaiters.append(continuation) }
                return state.phase == .ended
            }
            if hasEnded { continuation.resume() }
        }
    }

    static let shutDown = InferenceError(.shutDown, "The model is being shut down; ask again when it is back.")
}
