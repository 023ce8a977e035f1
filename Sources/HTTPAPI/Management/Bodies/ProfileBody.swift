import Profiles

/// The fields of a profile, as requests that create or change one give them.
struct ProfileBody: NamedFields {
    static let limits = ["steering": ProfileRules.features]

    /// The fields that are given; null stands for an absent value, which a name cannot be.
    let fields: ProfileChanges

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, description, steering, layer
        case model = "model_id"
        case sae = "sae_id"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func optional<Value: Decodable>(_ type: Value.Type, _ key: CodingKeys) throws -> Value?? {
            container.contains(key) ? .some(try container.decodeIfPresent(type, forKey: key)) : nil
        }
        fields = ProfileChanges(
            name: container.contains(.name) ? try container.decode(String.self, forKey: .name) : nil,
            description: try optional(String.self, .description),
            model: try optional(String.self, .model),
            sae: try optional(String.self, .sae),
            layer: try optional(NumberField<Int>.self, .layer).map { $0?.value },
            steering: try container.decodeIfPresent(StrengthsField.self, forKey: .steering)?.strengths
        )
    }
}

/// The body of `POST /api/profiles/save-current`.
struct SaveCurrentBody: NamedFields {
    let name: String
    let description: String?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, description
    }
}
