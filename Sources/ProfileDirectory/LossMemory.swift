import Profiles

/// What was there at the last look and is missing now: a program that replaces it in two steps may be half way.
struct LossMemory: Sendable {
    /// How long a loss is remembered: longer than anybody waits for its end.
    static let length = Duration.seconds(1)

    /// When profiles, or `active` under nil, were found missing.
    private var losses: [ProfileID?: ContinuousClock.Instant] = [:]

    /// Notes that a profile, or `active` if it is nil, has been there and is missing.
    mutating func note(_ id: ProfileID?) { losses[id] = .now }

    /// Forgets what was taken away on purpose.
    mutating func forget(_ id: ProfileID?) { losses[id] = nil }

    /// Forgets what nobody waits for any more.
    mutating func forgetOld() {
        guard !losses.isEmpty else { return }
        let now = ContinuousClock.now
        losses = losses.filter { now - $0.value < Self.length }
    }

    /// Whether a profile, or `active` if it is nil, has been found missing within a time.
    func holds(_ id: ProfileID?, within time: Duration) -> Bool {
        losses[id].map { .now - $0 < time } ?? false
    }
}
