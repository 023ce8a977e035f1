/// The body of `POST /api/profiles/{id}/activate`, all of which is optional.
struct ActivationBody: NamedFields {
    /// Whether the core follows the link; true if it is not given.
    var applySteering: Bool?
    /// Whether names that do not match are passed over; false if it is not given.
    var force: Bool?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case applySteering = "apply_steering"
        case force
    }
}
