import Dispatch
import LlamaCore
import Profiles
import Steering
import Synchronization

/// The real core, which notes when each plan has taken its place.
final class TimedCore: InferenceCore {
    private let core: LlamaCore
    private let last = Mutex<(digest: ContentDigest?, time: ContinuousClock.Instant)>((nil, .now))
    private let signal = DispatchSemaphore(value: 0)

    init(_ core: LlamaCore) {
        self.core = core
    }

    var model: ModelDescription { core.model }
    var plan: SteeringPlan { core.plan }
    var activity: CoreActivity { core.activity }

    func apply(_ plan: SteeringPlan) throws(InferenceError) {
        try core.apply(plan)
        let now = ContinuousClock.now
        last.withLock { $0 = (plan.origin?.digest, now) }
        signal.signal()
    }

    func generate(_ request: GenerationRequest) async throws(InferenceError) -> Generation {
        try await core.generate(request)
    }

    /// Lets the model go, before the process ends.
    func shutdown() async {
        await core.shutdown()
    }

    /// Blocks until the plan of these bytes has been swapped in.
    ///
    /// - Returns: When it was; nil if it has not been after 30 s.
    func wait(for digest: ContentDigest) -> ContinuousClock.Instant? {
        while true {
            let (applied, time) = last.withLock { $0 }
            if applied == digest { return time }
            guard signal.wait(timeout: .now() + 30) == .success else { return nil }
        }
    }
}
