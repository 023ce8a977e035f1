package import Profiles

extension SteeringPlan {
    /// Sums the decoder directions of the profile's features: delta = Σᵢ strengthᵢ · W_dec[i, :].
    ///
    /// The sum is taken in double precision, by rising index, and rounded once, so that the same profile always comes
    /// to the same bits.
    ///
    /// - Parameters:
    ///   - origin: The profile's file; nil for steering without one.
    ///   - sae: The attached SAE; a profile without features needs none.
    /// - Throws: ``SteeringError`` `.saeNotAttached`, `.layerMismatch`, `.featureOutOfRange`, `.invalidFile` for
    ///   weights that are no numbers.
    /// - Complexity: O(features × dIn).
    package init(profile: Profile, origin: Origin?, sae: SparseAutoencoder?) throws(SteeringError) {
        guard !profile.steering.isEmpty else {
            self.init(origin: origin, sae: nil, layer: nil, strengths: [:], delta: [])
            return
        }
        guard let sae else {
            throw SteeringError(
                .saeNotAttached,
                "'\(profile.name)' steers \(profile.steering.count) features, and no SAE is attached; start with --sae."
            )
        }
        let description = sae.description
        if let layer = profile.layer, layer != description.layer {
            throw SteeringError(
                .layerMismatch,
                "'\(profile.name)' is for layer \(layer), and \(description.id) for layer \(description.layer)."
            )
        }
        var sum = [Double](repeating: 0, count: description.dIn)
        for (feature, strength) in profile.steering.sorted(by: { $0.key < $1.key }) {
            let direction = try sae.direction(of: feature)
            for index in sum.indices { sum[index] += strength * Double(direction[index]) }
        }
        self.init(
            origin: origin,
            sae: description.id,
            layer: description.layer,
            strengths: profile.steering,
            delta: sum.map { Float($0) }
        )
    }
}
