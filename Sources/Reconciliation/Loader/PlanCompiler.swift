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
        try check(file, force: force)
        guard let profile = file.profile else { throw .invalid(file) }
        return try plan(for: profile, SteeringPlan.Origin(profile: file.id, digest: file.digest))
    }

    /// Says why the file's profile has no plan, without making one.
    ///
    /// - Throws: ``ProfileError`` `.invalidFormat`, `.incompatible`, as ``plan(for:force:)``.
    func check(_ file: ProfileFile, force: Bool) throws(ProfileError) {
        guard file.profile != nil else { throw .invalid(file) }
        let grave = mismatches(of: file).filter { !(force && Compatibility.isOverridable($0.code)) }
        if !grave.isEmpty { throw .incompatible(grave) }
    }

    /// What the profile says that is not so of the model and the SAE: one finding per mismatch.
    package func mismatches(of file: ProfileFile) -> [Diagnostic] {
        Compatibility.mismatches(of: file, model: model, sae: sae?.description)
    }

    /// Compiles strengths that are in no file.
    ///
    /// - Parameters:
    ///   - strengths: Feature index → strength.
    ///   - source: What findings call the text that the strengths come from.
    ///   - places: Where in it the features stand.
    /// - Throws: ``ProfileError`` `.invalidValue`, `.featureOutOfRange`, `.saeNotAttached`, `.incompatible` if the SAE
    ///   does not fit the model.
    package func plan(
        for strengths: [Int: Double],
        from source: String = "",
        at places: FeatureRanges = FeatureRanges()
    ) throws(ProfileError) -> SteeringPlan {
        let profile = Profile(name: "The steering", steering: strengths)
        try profile.validate()
        guard sae != nil || strengths.isEmpty else {
            throw ProfileError(.saeNotAttached, "No SAE is attached, so nothing can be steered. Start with --sae.")
        }
        let mismatches = Compatibility.mismatches(
            of: DecodedProfile(profile, ranges: DecodedProfile.Ranges(features: places)),
            file: source,
            model: model,
            sae: sae?.description
        )
        guard mismatches.isEmpty else {
            var error = ProfileError.incompatible(mismatches)
            if mismatches.allSatisfy({ $0.code == .featureOutOfRange }) { error.code = .featureOutOfRange }
            throw error
        }
        return try plan(for: profile, nil)
    }

    private func plan(for profile: Profile, _ origin: SteeringPlan.Origin?) throws(ProfileError) -> SteeringPlan {
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

    /// The error for a profile that does not fit: one sentence per mismatch, the first ten of them in the message.
    package static func incompatible(_ mismatches: [Diagnostic]) -> ProfileError {
        let rest = mismatches.count - 10
        let sentences = mismatches.prefix(10).map(\.sentence) + (rest > 0 ? ["There are \(rest) more."] : [])
        return ProfileError(.incompatible, sentences.joined(separator: " "), diagnostics: mismatches)
    }
}

extension Diagnostic {
    /// The message as a sentence, without its place.
    package var sentence: String { message.prefix(1).uppercased() + message.dropFirst() + "." }
}
