package import Profiles
package import Steering

/// Finds the steering that a request asks for by a profile's name.
package protocol PlanResolver: Sendable {
    /// The plan of a profile that need not be the active one.
    ///
    /// - Parameter name: An id or a display name; an id is preferred.
    /// - Throws: ``ProfileError`` `.notFound`, `.invalidFormat`, `.incompatible`, the last two with findings.
    func plan(for name: String) async throws(ProfileError) -> SteeringPlan
}
