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

    /// What the core runs now.
    package var currentSteering: CurrentSteering {
        let plan = core.plan
        return CurrentSteering(
            strengths: plan.strengths,
            profile: plan.origin?.profile,
            source: plan == .unsteered ? nil : controller.status.applied?.source,
            planDigest: plan.digest,
            model: core.model.name,
            sae: sae?.id,
            layer: sae?.layer
        )
    }
}
