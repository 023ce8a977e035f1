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
        /// What was passed over, and why the profile was not applied after all; for people.
        package let warnings: [String]
    }

    /// What became of a deactivation.
    package struct Deactivation: Sendable {
        /// Whether the core's steering was taken away.
        package let isCleared: Bool
        /// Why it was not, although it should be; for people.
        package let warnings: [String]
    }

    /// What the profile says that is not so of the loaded model and the attached SAE: one finding per mismatch, and
    /// none where no model runs.
    ///
    /// - Throws: ``ProfileError`` `.notFound`, `.invalidFormat`.
    package func mismatches(of id: ProfileID) async throws(ProfileError) -> [Diagnostic] {
        let file = try await repository.profile(id)
        guard file.profile != nil else { throw .invalid(file) }
        return engine?.compiler.mismatches(of: file) ?? []
    }

    /// Makes the profile the active one and waits until the core has followed.
    ///
    /// - Parameters:
    ///   - appliesSteering: Whether the core follows; else it goes on as it is until the next change (SPEC §7, `held`).
    ///   - force: Whether names that do not match are passed over, until another profile is activated.
    /// - Throws: ``ProfileError`` `.notFound`, `.invalidFormat`, `.incompatible`, `.activeLinkBroken`; then the link
    ///   is as it was, and the core, too.
    package func activate(
        _ id: ProfileID,
        appliesSteering: Bool = true,
        force: Bool = false
    ) async throws(ProfileError) -> Activation {
        let file = try await repository.profile(id)
        let engine = try requireEngine()
        try engine.compiler.check(file, force: force)
        let passedOver = force ? engine.compiler.mismatches(of: file).map { "Passed over: " + $0.sentence } : []
        let repository = repository
        let followed = try await follow(file.id, isHeld: !appliesSteering) { patience throws(ProfileError) in
            try await repository.setActive(file.id, forced: force && !passedOver.isEmpty, patience: patience)
            return true
        }
        let status = followed ?? engine.controller.status
        // Others write, too: by now the directory may say something else.
        let applied = status.applied.flatMap { status.state == .ok && $0.id == file.id ? $0 : nil }
        let isHeld = !appliesSteering && status.state == .held && status.desired?.id == file.id
        return Activation(
            profile: file,
            isApplied: applied != nil,
            featureCount: applied?.features ?? 0,
            warnings: passedOver + (applied != nil || isHeld ? [] : [Self.sentence(on: status, insteadOf: file.id)])
        )
    }

    /// Removes the `active` link if it points at the profile, and waits until the core is unsteered.
    ///
    /// - Parameter clearsSteering: Whether the core follows; else it goes on as it is until the next change (`held`).
    /// - Returns: What became of it; of a profile that is not active nothing changes.
    /// - Throws: ``ProfileError`` `.notFound`, `.activeLinkBroken`.
    package func deactivate(
        _ id: ProfileID,
        clearsSteering: Bool = true
    ) async throws(ProfileError) -> Deactivation {
        let repository = repository
        return deactivation(
            try await follow(nil, isHeld: !clearsSteering) { patience throws(ProfileError) in
                try await repository.deactivate(id, patience: patience)
            },
            clearsSteering: clearsSteering
        )
    }

    /// Removes the `active` link, whatever it points at, and waits until the core is unsteered.
    ///
    /// - Throws: ``ProfileError`` `.activeLinkBroken` if there is something at `active` that would be lost.
    package func deactivateAll() async throws(ProfileError) -> Deactivation {
        let repository = repository
        return deactivation(
            try await follow(nil, isHeld: false) { patience throws(ProfileError) in
                try await repository.deactivateAll(patience: patience)
            },
            clearsSteering: true
        )
    }

    /// Makes a change of `active` that the core follows. Who waits until another program lets it write keeps nobody else
    /// from the core meanwhile.
    private func follow(
        _ wanted: ProfileID?,
        isHeld: Bool,
        _ change: @Sendable (_ patience: Duration) async throws(ProfileError) -> Bool
    ) async throws(ProfileError) -> LoaderStatus? {
        let controller = try requireEngine().controller
        let deadline = ContinuousClock.now + repository.patience
        var pause = Duration.milliseconds(1)
        while true {
            do throws(ProfileError) {
                return try await controller.follow(wanted, isHeld: isHeld) { () throws(ProfileError) in
                    try await change(.zero)
                }
            } catch {
                guard error.code == .busy, .now < deadline, !Task.isCancelled else { throw error }
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(50))
        }
    }

    private func deactivation(_ status: LoaderStatus?, clearsSteering: Bool) -> Deactivation {
        guard let status, clearsSteering else { return Deactivation(isCleared: false, warnings: []) }
        if status.state == .inactive { return Deactivation(isCleared: true, warnings: []) }
        let other = status.desired.map { "'\($0.id)' was activated meanwhile." }
        let reason = status.reason.map { "The steering was not cleared: \($0.message)." }
        return Deactivation(isCleared: other != nil, warnings: [other ?? reason].compactMap(\.self))
    }

    private static func sentence(on status: LoaderStatus, insteadOf id: ProfileID) -> String {
        if let desired = status.desired, desired.id != id {
            return "'\(desired.id)' was activated meanwhile, or '\(id)' is still being written and follows then."
        }
        if let reason = status.reason { return "It was not applied: \(reason.message)" }
        return status.state == .held
            ? "Other steering was set meanwhile, which stands until the next change."
            : "It was deactivated meanwhile."
    }
}
