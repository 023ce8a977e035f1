/// The JSON Schema (draft 7) of a profile, by which editors complete and check.
///
/// It is made from the decoder's own description of the format. Text may also be a number or a truth value
/// there, because the decoder takes plain scalars for text where it wants text: `name: no` is the name "no".
///
/// How a number is written no schema can tell: to JSON Schema, and to yaml-language-server's `Number.isInteger`, `15.0`
/// and `0x0F` are the integer 15, and `1.0` is the constant 1. The decoder refuses them.
package enum ProfileJSONSchema {
    /// The schema of version 1 as a file.
    package static var text: String { json.text() + "\n" }

    /// The schema of version 1.
    package static var json: JSONValue { json(of: .version1) }

    /// The schema of a format.
    package static func json(of format: DecodedProfile.Format) -> JSONValue {
        let head: [JSONValue.Member] = [
            JSONValue.Member("$schema", "http://json-schema.org/draft-07/schema#"),
            JSONValue.Member("title", "Steering profile"),
            JSONValue.Member(
                "description",
                "Which features of a sparse autoencoder to push in a language model, and how strongly."
            ),
        ]
        return .object(head + mapping(.of(format), format))
    }

    private static func mapping(_ schema: ProfileSchema, _ format: DecodedProfile.Format) -> [JSONValue.Member] {
        [
            JSONValue.Member("type", "object"),
            JSONValue.Member("required", .array(schema.fields.filter(\.isRequired).map { .string($0.key) })),
            JSONValue.Member("additionalProperties", false),
            JSONValue.Member(
                "properties",
                .object(schema.fields.map { JSONValue.Member($0.key, property($0, format)) })
            ),
        ]
    }

    private static func property(_ field: ProfileSchema.Field, _ format: DecodedProfile.Format) -> JSONValue {
        .object([JSONValue.Member("description", .string(field.summary))] + constraints(field, format))
    }

    private static func constraints(
        _ field: ProfileSchema.Field,
        _ format: DecodedProfile.Format
    ) -> [JSONValue.Member] {
        switch field.value {
        case .version: [JSONValue.Member("const", format == .version1 ? 1 : "1.0")]
        case .name: text(length: ProfileRules.nameLength, pattern: ProfileRules.linePattern)
        case .model, .sae: text(length: ProfileRules.referenceLength, pattern: ProfileRules.linePattern, orNull: true)
        case .description:
            text(length: ProfileRules.descriptionLength, pattern: ProfileRules.prosePattern, orNull: true)
        case .layer:
            [
                JSONValue.Member("type", ["integer", "null"]),
                JSONValue.Member("minimum", 0),
                JSONValue.Member("maximum", .integer(ProfileRules.greatestLayer)),
            ]
        case .steering: features
        case .profile: mapping(.millmProfile, format)
        case .type: [JSONValue.Member("const", "millm_profile")]
        case .ignored: []
        }
    }

    private static func text(length: Int, pattern: String, orNull: Bool = false) -> [JSONValue.Member] {
        [
            JSONValue.Member("type", .array(["string", "number", "boolean"] + (orNull ? ["null"] : []))),
            JSONValue.Member("maxLength", .integer(length)),
            JSONValue.Member("pattern", .string(pattern)),
        ]
    }

    private static var features: [JSONValue.Member] {
        let digits = String(ProfileRules.greatestIndex).count - 1
        let strength: JSONValue = [
            "description": "How strongly to push: the factor of the feature's decoder direction.",
            "type": "number",
            "minimum": .integer(-Int(ProfileRules.greatestStrength)),
            "maximum": .integer(Int(ProfileRules.greatestStrength)),
        ]
        return [
            JSONValue.Member("type", "object"),
            JSONValue.Member("maxProperties", .integer(ProfileRules.features)),
            JSONValue.Member(
                "patternProperties",
                .object([JSONValue.Member("^(0|[1-9][0-9]{0,\(digits)})$", strength)])
            ),
            JSONValue.Member("additionalProperties", false),
        ]
    }
}
