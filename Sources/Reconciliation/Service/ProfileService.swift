import ProfileDirectory
package import Profiles
package import Steering

/// What people do with profiles, checked against the model that runs if one does.
///
/// The directory stays the only truth: every operation reads or writes it through the repository, and the
/// loader brings the core to what it then says. What is done to the active profile is answered once the core
/// has followed. The command line works on files alone; there nothing is waited for.
package struct ProfileService: PlanResolver {
    package let repository: any ProfileRepository
    /// What runs and follows; nil where the files are worked on alone.
    let engine: Engine?
    let lastList = LastList()

    /// The model that runs, and what steers it.
    struct Engine: Sendable {
        /// Asked for its current plan and never changed.
        let core: any InferenceCore
        /// Brings the core to what the directory says.
        let controller: any SteeringController
        let compiler: PlanCompiler
    }

    /// Works on files alone.
    package init(repository: any ProfileRepository) {
        self.repository = repository
        engine = nil
    }

    /// - Parameters:
    ///   - core: The model that runs, asked for its current plan and never changed.
    ///   - sae: The attached SAE; nil if there is none.
    ///   - controller: What brings the core to what the directory says.
    package init(
        repository: any ProfileRepository,
        core: any InferenceCore,
        sae: SparseAutoencoder?,
        controller: any SteeringController
    ) {
        self.repository = repository
        engine = Engine(core: core, controller: controller, compiler: PlanCompiler(model: core.model, sae: sae))
    }

    package func plan(for name: String) async throws(ProfileError) -> SteeringPlan {
        // Which file has had a display name until now, nobody knows: the first time, any may have changed.
        var isFirst = true
        func hasChanged(since start: ContinuousClock.Instant) async -> Bool {
            defer { isFirst = false }
            guard !isFirst, let id = try? ProfileID(name) else { return isFirst }
            return await repository.hasChanged([id], since: start)
        }
        let deadline = ContinuousClock.now + Completeness.open.rest
        return try await settled(hasChanged: hasChanged) { () throws(ProfileError) in
            try await plan(of: whole(name, until: deadline))
        }
    }

    /// The profile's file once it is whole as far as can be told: as long as the loader does, it waits for a program that
    /// has it open, or may have, and goes on by what is there after that.
    private func whole(
        _ name: String,
        until deadline: ContinuousClock.Instant
    ) async throws(ProfileError) -> ProfileFile {
        var pause = Duration.milliseconds(1)
        while true {
            let file = try await profile(name)
            let age = Duration.microseconds(Timestamp.now().microseconds - file.updatedAt.microseconds)
            let mayGrow = file.isBeingWritten && age < Completeness.open.rest
            let isAwaited = mayGrow && currentPlan(of: file) == nil && .now < deadline
            guard isAwaited, (try? await Task.sleep(for: pause)) != nil else { return file }
            pause = min(pause * 2, ProfileLoader.settlingTime)
        }
    }

    private func plan(of file: ProfileFile) throws(ProfileError) -> SteeringPlan {
        let engine = try requireEngine()
        // What the core runs need not be computed again, and may have been forced.
        if let plan = currentPlan(of: file) { return plan }
        return try engine.compiler.plan(for: file)
    }

    /// The plan that the core runs, if it is made of just this file.
    private func currentPlan(of file: ProfileFile) -> SteeringPlan? {
        guard let plan = engine?.core.plan else { return nil }
        return plan.origin == SteeringPlan.Origin(profile: file.id, digest: file.digest) ? plan : nil
    }

    /// The profile with an id or else a display name.
    ///
    /// - Throws: ``ProfileError`` `.notFound`.
    package func profile(_ name: String) async throws(ProfileError) -> ProfileFile {
        if let id = try? ProfileID(name) {
            do {
                return try await repository.profile(id)
            } catch  where error.code == .notFound {
                // It may still be a display name.
            }
        }
        if let file = try await repository.profile(named: name) { return file }
        throw await unknown(name)
    }

    /// No profile has the id that was given; which one may be meant.
    package func unknown(_ word: String) async -> ProfileError {
        await repository.unknown(word)
    }

    /// The id of the active profile; nil if there is none, or `active` cannot be followed.
    ///
    /// - Throws: ``ProfileError`` `.inputOutput`.
    package func activeID() async throws(ProfileError) -> ProfileID? {
        do {
            return try await repository.active()?.id
        } catch  where error.code == .activeLinkBroken || error.code == .notFound {
            return nil
        }
    }

    /// - Throws: ``ProfileError`` `.saeNotAttached` where the files are worked on alone.
    func requireEngine() throws(ProfileError) -> Engine {
        guard let engine else { throw ProfileError(.saeNotAttached, "No model runs here that could be steered.") }
        return engine
    }
}
