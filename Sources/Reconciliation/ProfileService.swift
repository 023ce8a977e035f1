package import Profiles
package import Steering

/// What people do with profiles, checked against the model that runs.
///
/// The directory stays the only truth: every operation reads or writes it through the repository, and the
/// loader brings the core to what it then says.
package struct ProfileService: PlanResolver {
    package let repository: any ProfileRepository
    private let compiler: PlanCompiler

    package init(repository: any ProfileRepository, model: ModelDescription, sae: SparseAutoencoder?) {
        self.repository = repository
        compiler = PlanCompiler(model: model, sae: sae)
    }

    package func plan(for name: String) async throws(ProfileError) -> SteeringPlan {
        try compiler.plan(for: await profile(name))
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
        throw ProfileError(.notFound, "There is no profile '\(name.escapedForDisplay)'.")
    }
}
