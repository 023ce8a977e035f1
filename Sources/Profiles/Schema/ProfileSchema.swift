import YAML

/// What keys a mapping of a profile file may have, for each format.
///
/// The decoder, its "did you mean" and the JSON Schema are made from the same lists.
final class ProfileSchema: Sendable {
    /// One key.
    struct Field: Sendable {
        /// What a key's value means, and so how it is read.
        enum Value: Hashable, Sendable {
            case version, name, description, model, sae, layer, steering
            /// The mapping inside miLLM's envelope, and the word that marks the envelope.
            case profile, type
            /// Known, of no meaning here, not looked at.
            case ignored
        }

        let key: String
        let value: Value
        let isRequired: Bool
        /// What people write instead, from other tools and other formats.
        let otherNames: [String]
        /// What the key is for, in one sentence for editors.
        let summary: String

        init(
            _ key: String,
            _ value: Value,
            isRequired: Bool = false,
            otherNames: [String] = [],
            summary: String = ""
        ) {
            self.key = key
            self.value = value
            self.isRequired = isRequired
            self.otherNames = otherNames
            self.summary = summary
        }
    }

    let fields: [Field]
    /// The fields' keys, to be found quickly.
    private let keys: [ShortText]
    /// What the fields' values mean.
    let meanings: [Field.Value]
    /// Which fields no mapping may be without.
    let requiredFields: FieldSet

    /// Some of a schema's fields.
    struct FieldSet: Sendable {
        private var bits: UInt32 = 0

        var isEmpty: Bool { bits == 0 }
        func contains(_ field: Int) -> Bool { bits & 1 << field != 0 }
        mutating func insert(_ field: Int) { bits |= 1 << field }
        mutating func remove(_ field: Int) { bits &= ~(1 << field) }
    }

    init(fields: [Field]) {
        self.fields = fields
        keys = fields.map { ShortText(stringLiteral: $0.key) }
        meanings = fields.map(\.value)
        requiredFields = fields.indices.reduce(into: FieldSet()) { if fields[$1].isRequired { $0.insert($1) } }
    }

    /// Which field the key at a place of a table is; nil for an unknown key.
    func index(ofKeyAt place: Int, in table: NodeTable) -> Int? {
        table.index(ofKeyAt: place, among: keys)
    }

    /// The field of a key; nil for an unknown key.
    func field(_ key: String) -> Field? {
        fields.first { $0.key == key }
    }

    /// The known key that an unknown one was probably meant to be.
    func suggestion(for key: String) -> String? {
        guard key.utf8.count <= Spelling.longestWord else { return nil }
        let folded = key.lowercased()
        if let field = fields.first(where: { $0.otherNames.contains(folded) }) { return field.key }
        return Spelling.nearest(to: key, among: fields.filter { $0.value != .ignored }.map(\.key))
    }
}

extension ProfileSchema {
    /// The format of SPEC §2.
    static let version1 = ProfileSchema(fields: [
        Field(
            "version",
            .version,
            isRequired: true,
            otherNames: ["vers", "ver", "v", "schema_version", "format_version", "api_version", "apiversion"],
            summary: "The version of the format: 1."
        ),
        Field(
            "name",
            .name,
            isRequired: true,
            otherNames: ["title", "display_name", "displayname"],
            summary: "The name that people see: 1 to 100 characters, unique in the directory."
        ),
        Field(
            "description",
            .description,
            otherNames: ["summary", "comment", "notes"],
            summary: "What to expect of the profile, at most 500 characters."
        ),
        Field(
            "model",
            .model,
            otherNames: ["model_id", "modelid", "model_name"],
            summary: "The model that the profile was made for; without it, any."
        ),
        Field(
            "sae",
            .sae,
            otherNames: ["sae_id", "saeid", "sae_name"],
            summary: "The SAE whose feature indices are used; without it, the attached one."
        ),
        Field(
            "layer",
            .layer,
            otherNames: ["layers", "block"],
            summary: "The block whose residual output is steered, counted from 0; without it, the SAE's."
        ),
        Field(
            "steering",
            .steering,
            isRequired: true,
            otherNames: ["features", "strengths", "vectors", "feature_strengths"],
            summary: "Feature index: strength. At most 1024 features, each from -10000 to 10000."
        ),
    ])

    /// miLLM's row shape, which has no version.
    static let version0 = ProfileSchema(
        fields: rowFields + ["id", "is_active", "created_at", "updated_at"].map { Field($0, .ignored) }
    )

    /// miLLM's export with everything at the top.
    static let millmFlat = ProfileSchema(
        fields: [Field("version", .version, isRequired: true)] + rowFields
            + ["created_at", "updated_at"].map { Field($0, .ignored) }
    )

    /// miLLM's export with the profile inside.
    static let millmEnvelope = ProfileSchema(fields: [
        Field("version", .version, isRequired: true),
        Field("type", .type, isRequired: true),
        Field("profile", .profile, isRequired: true),
        Field("exported_at", .ignored),
        Field("exported_from", .ignored),
    ])

    /// What stands inside the envelope.
    static let millmProfile = ProfileSchema(fields: version1.fields.filter { $0.value != .version })

    private static let rowFields: [Field] = version1.fields.compactMap { field in
        switch field.value {
        case .version: nil
        case .model: Field("model_id", .model, otherNames: ["model"], summary: field.summary)
        case .sae: Field("sae_id", .sae, otherNames: ["sae"], summary: field.summary)
        default: field
        }
    }

    /// The keys at the top of a format.
    static func of(_ format: DecodedProfile.Format) -> ProfileSchema {
        switch format {
        case .version0: version0
        case .version1: version1
        case .millmEnvelope: millmEnvelope
        case .millmFlat: millmFlat
        }
    }
}
