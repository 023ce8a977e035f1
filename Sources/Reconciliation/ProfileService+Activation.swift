import ProfileDirectory
package import Profiles
import Steering

extension ProfileService {
    /// What became of an activation.
    package struct Activation: Sendable {
        package let profile: ProfileFile
        /// Whether the core runs the profile now.
        package let isApplied: Bool
        /// The number of the features that were applied.
        package let featureCount: Int
        /// Why it was not applied after all, for people; empty if it was.
        package let warnings: [String]
    }

    /// Makes the profile the active one and waits until the core has followed.
    ///
    /// - Throws: ``ProfileError`` `.notFound`, `.invalidFormat`, `.incompatible`, `.activeLinkBroken`; then the link
    ///   is as it was, and the core, too.
    package func activate(_ id: ProfileID) async throws(ProfileError) -> Activation {
        let file = try await repository.profile(id)
        _ = try compiler.plan(for: file)
        try await repository.setActive(id)
        let status = await controller.reconcile()
        // Others write, too: by now the directory may say something else.
        let applied = status.applied.flatMap { status.state == .ok && $0.id == file.id ? $0 : nil }
        return Activation(
            profile: file,
            isApplied: applied != nil,
            featureCount: applied?.features ?? 0,
            warnings: applied == nil ? [Self.sentence(on: status, insteadOf: file.id)] : []
        )
    }

    /// Removes the `active` link if it points at the profile, and waits until the core is unsteered.
    ///
    /// - Returns: Whether steering was cleared; false of a profile that is not active, and then nothing has changed.
    /// - Throws: ``ProfileError`` `.notFound`.
    package func deactivate(_ id: ProfileID) async throws(ProfileError) -> Bool {
        guard try await repository.deactivate(id) else { return false }
        return await controller.reconcile().applied?.id != id
    }

    /// Waits until the core has followed a change of the profile's file, if it is the active one.
    ///
    /// - Returns: Why the core goes on with the steering from before the change; nil if it does not.
    func follow(_ file: ProfileFile) async throws(ProfileError) -> String? {
        guard try await activeID() == file.id else { return nil }
        let status = await controller.reconcile()
        guard status.state == .degraded, status.desired?.id == file.id, let reason = status.reason else { return nil }
        return "The profile is active, and cannot be applied as it is now: \(reason.message)"
    }

    private static func sentence(on status: LoaderStatus, insteadOf id: ProfileID) -> String {
        if let desired = status.desired, desired.id != id { return "'\(desired.id)' was activated meanwhile." }
        if let reason = status.reason { return "It was not applied: \(reason.message)" }
        return "It was deactivated meanwhile."
    }
}
