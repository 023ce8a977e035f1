import Synchronization

/// The places for clients that follow events: few enough that they leave connections to all others.
final class EventSeats: Sendable {
    /// A place, free again when the last reference to it is gone, however its stream has ended.
    final class Seat: Sendable {
        private let seats: EventSeats

        fileprivate init(_ seats: EventSeats) {
            self.seats = seats
        }

        deinit { seats.taken.withLock { $0 -= 1 } }

        /// Keeps the place taken until here.
        func keep() { withExtendedLifetime(self) {} }
    }

    /// How many there are.
    let count: Int
    private let taken = Mutex(0)

    init(_ count: Int) {
        self.count = count
    }

    /// A place; nil if all are taken.
    func take() -> Seat? {
        let isFree = taken.withLock { taken in
            guard taken < count else { return false }
            taken += 1
            return true
        }
        return isFree ? Seat(self) : nil
    }
}
