package import Profiles
package import Steering

/// Turns a profile file into the plan that the core runs, or says why it cannot.
///
/// The loader, the API and requests that bring a profile all come through here, so they all give the
/// same verdict.
package struct PlanCompiler: Sendable {
    package let model: ModelDescription
    /// The attached SAE; nil if the daemon runs without one.
    package let sae: SparseAutoencoder?

    package init(model: ModelDescription, sae: SparseAutoencoder?) {
        self.model = model
        self.sae = sae
    }

    /// Compiles the file's profile.
    ///
    /// - Parameter force: Whether to pass over mismatches of names; indices and sizes always count.
    /// - Throws: ``ProfileError`` `.invalidFormat` if the file holds no valid profile, `.incompatible` if the
    ///   profile does not fit the model or the SAE, `.inputOutput` if the SAE's weights cannot be read.
    package func plan(for file: ProfileFile, force: Bool = false) throws(ProfileError) -> SteeringPlan {
        guard let profile = file.profile else { throw .invalid(file) }
        let mismatches = Compatibility.mismatches(of: file, model: model, sae: sae?.description)
            .filter { !(force && Compatibility.isOverridable($0.code)) }
        if !mismatches.isEmpty { throw .incompatible(file, mismatches) }
        let origin = SteeringPlan.Origin(profile: file.id, digest: file.digest)
        do throws(SteeringError) {
            return try SteeringPlan(profile: profile, origin: origin, sae: sae)
        } catch {
            throw ProfileError(.inputOutput, error.message, cause: error)
        }
    }
}

extension ProfileError {
    /// The error for a file that holds no valid profile: its first finding, and all of them attached.
    package static func invalid(_ file: ProfileFile) -> ProfileError {
        let errors = file.diagnostics.filter { $0.severity == .error }
        let first = errors.first.map { "\($0.location): error[\($0.code.code)]: \($0.message)" }
        return ProfileError(
            .invalidFormat,
            first ?? "\(file.fileName) is no valid profile.",
            diagnostics: file.diagnostics
        )
    }

    /// The error for a profile that does not fit: one sentence per mismatch.
    package static func incompatible(_ file: ProfileFile, _ mismatches: [Diagnostic]) -> ProfileError {
        ProfileError(.incompatible, mismatches.map(\.message).joined(separator: " "), diagnostics: mismatches)
    }
}
