/// The body of `POST /api/profiles/{id}/activate`, all of which is optional.
struct ActivationBody: NamedFields {
    var applySteering: Bool?
    var force: Bool?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case applySteering = "apply_steering"
        case force
    }

    /// A sentence for each wish that this server does not grant.
    var warnings: [String] {
        let wishes = [
            applySteering == false ? "'apply_steering: false' is not available and was ignored." : nil,
            force == true ? "'force' is not available and was ignored." : nil,
        ]
        return wishes.compactMap(\.self)
    }
}
