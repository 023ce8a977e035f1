package import Profiles

/// What the core adds to the residual stream: the whole steering of a sequence, ready to use.
///
/// For each token's residual stream h, shape `[d]`, after block `layer`: h ← h + delta, where
/// delta = Σᵢ strengthᵢ · W_dec[i, :]. This is the sum that Neuronpedia, miStudio and miLLM use.
package struct SteeringPlan: Hashable, Sendable {
    /// Where the plan comes from.
    package struct Origin: Hashable, Sendable {
        package var profile: ProfileID
        /// The digest of the file's bytes.
        package var digest: ContentDigest

        package init(profile: ProfileID, digest: ContentDigest) {
            self.profile = profile
            self.digest = digest
        }
    }

    /// The profile's file; nil for steering that was set without one, and for none.
    package let origin: Origin?
    /// The SAE whose decoder directions were summed; nil if nothing is steered.
    package let sae: String?
    /// The block after which `delta` is added, counted from 0; nil if nothing is steered.
    package let layer: Int?
    /// Feature index → strength, as the profile says.
    package let strengths: [Int: Double]
    /// The sum of the directions, shape `[d]`, in units of the residual stream; empty if nothing is steered.
    package let delta: [Float]
    /// The SHA-256 of `layer` and `delta`: plans with the same digest do the same to the model.
    package let digest: ContentDigest

    /// Takes over a sum that has been computed; an all-zero `delta` counts as none.
    package init(origin: Origin?, sae: String?, layer: Int?, strengths: [Int: Double], delta: [Float]) {
        let steers = layer != nil && delta.contains { $0 != 0 }
        self.origin = origin
        self.sae = steers ? sae : nil
        self.layer = steers ? layer : nil
        self.strengths = strengths
        self.delta = steers ? delta : []
        digest = Self.digest(layer: self.layer, delta: self.delta)
    }

    /// The plan that leaves the model as it is.
    package static let unsteered = SteeringPlan(origin: nil, sae: nil, layer: nil, strengths: [:], delta: [])

    /// Whether the plan changes anything.
    package var isUnsteered: Bool { delta.isEmpty }

    private static func digest(layer: Int?, delta: [Float]) -> ContentDigest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + 4 * delta.count)
        func append(_ word: some FixedWidthInteger) {
            for shift in stride(from: 0, to: word.bitWidth, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        append(Int64(layer ?? -1))
        for value in delta {
            append((value == 0 ? 0 : value).bitPattern)  // −0 does what 0 does
        }
        return ContentDigest(of: bytes)
    }
}
