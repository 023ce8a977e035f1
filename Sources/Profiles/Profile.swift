/// A steering profile: which features of a sparse autoencoder to push, and how strongly.
///
/// A profile is a value; where it is stored and whether it is active is told by ``ProfileFile``.
package struct Profile: Hashable, Sendable {
    /// The name that people see: 1–100 characters, unique in a directory.
    package var name: String
    /// What to expect of it: at most 500 characters.
    package var description: String?
    /// The model that it was made for; absent means any.
    package var model: String?
    /// The SAE whose feature indices it uses; absent means the attached one.
    package var sae: String?
    /// The block whose residual output is steered, counted from 0; absent means the SAE's.
    package var layer: Int?
    /// Feature index → strength, in units of the residual stream: the factor of the feature's decoder direction.
    package var steering: [Int: Double]

    package init(
        name: String,
        description: String? = nil,
        model: String? = nil,
        sae: String? = nil,
        layer: Int? = nil,
        steering: [Int: Double] = [:]
    ) {
        self.name = name
        self.description = description
        self.model = model
        self.sae = sae
        self.layer = layer
        self.steering = steering
    }
}
