/// The body of `PUT /api/steering`.
struct SteeringBody: NamedFields {
    let steering: StrengthsField

    enum CodingKeys: String, CodingKey, CaseIterable {
        case steering
    }
}
