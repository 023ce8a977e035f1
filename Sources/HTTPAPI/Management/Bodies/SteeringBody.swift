import Profiles

/// The body of `PUT /api/steering`.
struct SteeringBody: NamedFields {
    static let limits = ["steering": ProfileRules.features]

    let steering: StrengthsField

    enum CodingKeys: String, CodingKey, CaseIterable {
        case steering
    }
}
