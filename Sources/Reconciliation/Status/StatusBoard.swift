package import ProfileDirectory
package import Profiles

/// The current status and the last events, readable from anywhere at any time, and told to everyone who wants to know.
package final class StatusBoard: Sendable {
    /// How many events are kept for those who come late.
    package static let capacity = 512

    private struct State {
        var status: LoaderStatus
        var lastApplied: Timestamp?
        /// The newest events, the oldest first.
        var events: [LoaderEvent] = []
        /// The newest event's number.
        var number = 0
    }

    private let run: Int64
    private let state: Followed<State>

    package init(_ status: LoaderStatus, startedAt start: Timestamp = .now()) {
        run = start.microseconds
        state = Followed(State(status: status))
    }

    package var status: LoaderStatus { state.value.status }

    /// The time of the last event of kind `applied`; nil before the first.
    package var lastApplied: Timestamp? { state.value.lastApplied }

    /// Replaces the status and tells the followers.
    ///
    /// - Parameter news: What has happened, in order, and to which profile.
    package func publish(
        _ status: LoaderStatus,
        _ news: [(kind: LoaderEvent.Kind, profile: ProfileID?)] = [],
        at time: Timestamp = .now()
    ) {
        state.update { state in
            state.status = status
            for (kind, profile) in news {
                state.number += 1
                let id = LoaderEvent.ID(run: run, number: state.number)
                state.events.append(LoaderEvent(id: id, kind: kind, profile: profile, time: time, status: status))
                if kind == .applied { state.lastApplied = time }
            }
            // Twice as many are moved once, rather than all of them each time.
            if state.events.count > 2 * Self.capacity { state.events.removeFirst(state.events.count - Self.capacity) }
        }
    }

    /// What has happened since an event; the whole status if that is unknown, or too long ago.
    package func events(after id: LoaderEvent.ID?) -> LoaderEvent.Page {
        let state = state.value
        let last = LoaderEvent.ID(run: run, number: state.number)
        let missed = id.map { state.number - $0.number } ?? -1
        guard id?.run == run, (0...state.events.count).contains(missed) else {
            return LoaderEvent.Page(snapshot: state.status, events: [], last: last)
        }
        return LoaderEvent.Page(snapshot: nil, events: state.events.suffix(missed), last: last)
    }

    /// The status now and after each change, newest only.
    package func updates() -> AsyncStream<LoaderStatus> { state.updates(of: \.status) }
}
