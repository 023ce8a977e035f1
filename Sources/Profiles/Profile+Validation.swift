extension Profile {
    /// Checks every value against the rules of the format.
    ///
    /// - Throws: ``ProfileError`` `.featureOutOfRange` if only feature indices are wrong, else `.invalidValue`;
    ///   the message names every rule that is broken.
    package func validate() throws(ProfileError) {
        let values = [
            ProfileRules.brokenByName(name).map { "The name is invalid: \($0)." },
            description.flatMap(ProfileRules.brokenByDescription).map { "The description is invalid: \($0)." },
            model.flatMap(ProfileRules.brokenByReference).map { "The model is invalid: \($0)." },
            sae.flatMap(ProfileRules.brokenByReference).map { "The SAE is invalid: \($0)." },
            layer.flatMap(ProfileRules.brokenByLayer).map { "The layer is invalid: \($0)." },
            steering.count > ProfileRules.features
                ? "There are \(steering.count) features; \(ProfileRules.features) are allowed." : nil,
        ]
        let strengths = steering.sorted { $0.key < $1.key }.map { index, strength in
            ProfileRules.brokenByStrength(strength).map { "The strength of feature \(index) is invalid: \($0)." }
        }
        let indices = steering.keys.sorted().map { index in
            ProfileRules.brokenByIndex(index).map { "Feature index \(index) is invalid: \($0)." }
        }
        let otherProblems = (values + strengths).compactMap(\.self)
        let problems = otherProblems + indices.compactMap(\.self)
        guard !problems.isEmpty else { return }
        let code: ProfileError.Code = otherProblems.isEmpty ? .featureOutOfRange : .invalidValue
        throw ProfileError(code, problems.prefix(10).joined(separator: " "))
    }

    /// The profile with some fields changed; nothing is checked.
    package func applying(_ changes: ProfileChanges) -> Profile {
        Profile(
            name: changes.name ?? name,
            description: changes.description ?? description,
            model: changes.model ?? model,
            sae: changes.sae ?? sae,
            layer: changes.layer ?? layer,
            steering: changes.steering ?? steering
        )
    }
}
