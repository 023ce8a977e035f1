package import ProfileDirectory
package import Profiles
import Steering

extension ProfileService {
    /// What the core runs, and what it belongs to.
    package struct CurrentSteering: Sendable {
        /// Feature index → strength.
        package let strengths: [Int: Double]
        /// The profile that it comes from; nil for steering without a file, and for none.
        package let profile: ProfileID?
        /// How it came to the core; nil for none.
        package let source: LoaderStatus.Source?
        package let planDigest: ContentDigest
        package let model: String
        /// The attached SAE's id; nil if there is none.
        package let sae: String?
        /// The SAE's layer, counted from 0.
        package let layer: Int?
    }

    /// What the core runs now; nil where no model runs.
    package var currentSteering: CurrentSteering? {
        guard let engine else { return nil }
        let plan = engine.core.plan
        let sae = engine.compiler.sae?.description
        return CurrentSteering(
            strengths: plan.strengths,
            profile: plan.origin?.profile,
            source: engine.source(of: plan),
            planDigest: plan.digest,
            model: engine.core.model.name,
            sae: sae?.id,
            layer: sae?.layer
        )
    }

    /// Steers by strengths without a file, all or nothing, until the next change on disk or activation.
    ///
    /// - Parameters:
    ///   - strengths: Feature index → strength; empty clears the steering.
    ///   - source: What findings call the text that the strengths come from.
    ///   - places: Where in it the features stand.
    /// - Throws: ``ProfileError`` `.invalidValue`, `.featureOutOfRange`, `.saeNotAttached`, `.incompatible`; then
    ///   nothing has changed.
    package func steer(
        by strengths: [Int: Double],
        from source: String = "",
        at places: FeatureRanges = FeatureRanges()
    ) async throws(ProfileError) {
        let engine = try requireEngine()
        let plan = try engine.compiler.plan(for: strengths, from: source, at: places)
        do throws(InferenceError) {
            _ = try await engine.controller.steer(by: plan)
        } catch {
            throw ProfileError(.incompatible, error.message, cause: error)
        }
    }
}

extension ProfileService.Engine {
    /// How a plan came to the core; nil for none.
    fileprivate func source(of plan: SteeringPlan) -> LoaderStatus.Source? {
        if plan == .unsteered { return nil }
        // The status follows the core's plan, so it may be about the one before.
        guard plan.origin != nil else { return .api }
        return controller.status.applied.flatMap { $0.source == .api ? nil : $0.source } ?? .directory
    }
}
