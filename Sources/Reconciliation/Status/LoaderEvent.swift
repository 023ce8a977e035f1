package import ProfileDirectory
package import Profiles

/// Something that the loader has done, for those who follow it (`GET /api/events`).
package struct LoaderEvent: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// `active` names another profile than before.
        case activated
        /// `active` is gone.
        case deactivated
        /// The core's steering was replaced; `status.applied` tells by what.
        case applied
        /// What the directory says cannot be applied; `status.reason` tells why.
        case rejected
        /// A request has moved or removed `active` and left the core as it is.
        case held
        /// What the directory says can be followed again, and nothing had to be applied for it.
        case recovered
    }

    /// An event's place in the order of all events of one run of the daemon.
    package struct ID: Hashable, Sendable, CustomStringConvertible {
        /// Tells one run of the daemon from another: the microseconds from 1970 to its start.
        package let run: Int64
        /// From 1; 0 stands for the time before the first event.
        package let number: Int

        package init(run: Int64, number: Int) {
            self.run = run
            self.number = number
        }

        /// Reads the written form; nil if it is none.
        package init?(_ description: String) {
            let parts = description.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2, let run = Int64(parts[0]), let number = Int(parts[1]), number >= 0 else {
                return nil
            }
            self.init(run: run, number: number)
        }

        package var description: String { "\(run)-\(number)" }
    }

    /// What somebody has missed.
    package struct Page: Hashable, Sendable {
        /// The whole status, where what was missed cannot be told event by event; nil where it can.
        package var snapshot: LoaderStatus?
        /// The events, the oldest first; none beside a snapshot.
        package var events: [LoaderEvent]
        /// The last event that the page covers.
        package var last: ID

        package init(snapshot: LoaderStatus?, events: [LoaderEvent], last: ID) {
            self.snapshot = snapshot
            self.events = events
            self.last = last
        }
    }

    package let id: ID
    package let kind: Kind
    /// The profile that it is about; nil for steering without a file, and for none.
    package let profile: ProfileID?
    package let time: Timestamp
    /// The status after it.
    package let status: LoaderStatus
}
