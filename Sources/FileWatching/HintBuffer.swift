import Synchronization

/// The hints on their way from the watching thread to the one who reads them.
///
/// It holds a bounded number of names; beyond that they become one ``WatchHint/rescan``, which covers
/// them all. So it never grows without bound and never loses a change.
final class HintBuffer: Sendable {
    private struct State {
        /// `.rescan` or `.gone`: the later of them stands for all that came before.
        var everything: WatchHint?
        /// For each name the last hint that tells whether its file is whole, if one does.
        var names: [String: WatchHint] = [:]
        var poll = false
        var isFinished = false
        var reader: CheckedContinuation<WatchHint?, Never>?

        /// The hint to hand out next.
        mutating func next() -> WatchHint? {
            if let hint = everything {
                everything = nil
                return hint
            }
            if let (_, hint) = names.popFirst() { return hint }
            if poll {
                poll = false
                return .poll
            }
            return nil
        }

        mutating func add(_ hint: WatchHint, limit: Int) {
            switch hint {
            case .rescan, .gone:
                everything = hint
                names.removeAll()
                poll = false
            case .name(let name), .created(let name), .closed(let name):
                guard everything == nil else { return }
                if hint != .name(name) || names[name] == nil { names[name] = hint }
                if names.count > limit { add(.rescan, limit: limit) }
            case .poll:
                poll = everything == nil
            }
        }
    }

    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: The greatest number of names to hold.
    init(limit: Int) {
        self.limit = limit
    }

    /// Adds hints and wakes the reader.
    func add(_ hints: some Sequence<WatchHint>) {
        resume { state in
            for hint in hints { state.add(hint, limit: limit) }
        }
    }

    /// Ends the sequence: the reader gets nil from now on.
    func finish() {
        resume { $0.isFinished = true }
    }

    /// Waits for a hint; nil when the sequence has ended or the task is cancelled.
    func next() async -> WatchHint? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: WatchHint?? = state.withLock { state in
                    precondition(state.reader == nil, "a watch has one reader")
                    if state.isFinished || Task.isCancelled { return .some(nil) }
                    if let hint = state.next() { return hint }
                    state.reader = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let reader = state.withLock { $0.reader.take() }
            reader?.resume(returning: nil)
        }
    }

    private func resume(_ change: (inout State) -> Void) {
        let waiting: (CheckedContinuation<WatchHint?, Never>, WatchHint?)? = state.withLock { state in
            change(&state)
            guard let reader = state.reader else { return nil }
            let hint = state.isFinished ? nil : state.next()
            guard hint != nil || state.isFinished else { return nil }
            state.reader = nil
            return (reader, hint)
        }
        if let (reader, hint) = waiting { reader.resume(returning: hint) }
    }
}
