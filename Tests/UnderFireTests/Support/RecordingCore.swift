import MillmTesting
import Profiles
import Steering
import Synchronization

/// A core that remembers everything that it was ever given.
final class RecordingCore: InferenceCore {
    struct Apply: Sendable {
        /// The profile and the digest of its bytes; nil for no steering.
        var origin: SteeringPlan.Origin?
        var time: ContinuousClock.Instant
    }

    private let echo = EchoCore()
    private let log = Mutex<[Apply]>([])

    /// All applies so far, in their order.
    var applies: [Apply] { log.withLock { $0 } }

    /// The digests of the bytes that were applied, in their order.
    var digests: [ContentDigest] { applies.compactMap { $0.origin?.digest } }

    var model: ModelDescription { echo.model }
    var plan: SteeringPlan { echo.plan }
    var activity: CoreActivity { echo.activity }

    func apply(_ plan: SteeringPlan) throws(InferenceError) {
        try echo.apply(plan)
        log.withLock { $0.append(Apply(origin: plan.origin, time: .now)) }
    }

    func generate(_ request: GenerationRequest) async throws(InferenceError) -> Generation {
        try await echo.generate(request)
    }
}
