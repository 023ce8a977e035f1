import Profiles

// The values of the management API.

extension Schema {
    /// An answer's envelope around the data.
    static func envelope(_ data: Schema) -> Schema {
        .object(["success": .boolean, "data": data, "error": .null])
    }

    /// An envelope around an error.
    static func failure(_ codes: [String]) -> Schema {
        .object([
            "success": .boolean,
            "data": .null,
            "error": .object([
                "code": .word(codes),
                "message": .text(),
                "details": .object([
                    "parameter?": .text().meaning("The field of the request that is to blame."),
                    "mismatches?": .array(of: .text()).meaning("Why a profile does not fit, a sentence each."),
                    "diagnostics?": .array(of: .named(.diagnostic)).meaning(
                        "All that is wrong with a profile, or with the body that should be one, each with its place."
                    ),
                ]),
            ]),
        ])
    }

    static let warnings = Schema.array(of: .text()).meaning("What its sender should know besides, for people.")

    private static let index = "^(0|[1-9][0-9]{0,8})$"
    private static let digest = Schema.text(pattern: "^sha256:[0-9a-f]{64}$")
    private static let time = Schema.text(format: "date-time")

    static let strengths = Schema.dictionary(
        keys: index,
        values: .number(-ProfileRules.greatestStrength...ProfileRules.greatestStrength),
        most: ProfileRules.features
    )
    .meaning("Feature index → strength.")
    .example(["316": .number(45), "88": .number(-12.5)])

    private static let reference = Schema.text(1...ProfileRules.referenceLength, pattern: ProfileRules.linePattern)
    private static let layer = Schema.integer(0...ProfileRules.greatestLayer)

    /// The fields of a profile in a request.
    static func profileFields(isNew: Bool) -> Schema {
        let name = Schema.text(1...ProfileRules.nameLength, pattern: ProfileRules.linePattern)
            .meaning("The name that people see, unique in the directory.")
        let description = Schema.text(0...ProfileRules.descriptionLength, pattern: ProfileRules.prosePattern).orNull
        let steering = Schema.named(.strengths).orNull
        let replaced = steering.meaning(
            "Takes the place of the whole steering: features that it does not name are gone."
        )
        return isNew
            ? .object([
                "name": name, "description?": description, "steering?": steering, "model_id?": reference.orNull,
                "sae_id?": reference.orNull, "layer?": layer.orNull,
            ]).meaning(
                """
                Without `steering`, or with null, what the model is steered with now, and of `model_id`, `sae_id` and \
                `layer` what is not given is that which it runs. With `steering` nothing is added: a profile that names \
                no model, SAE or layer is for any.
                """
            )
            : .object([
                "name?": name, "description?": description, "steering?": replaced,
                "model_id?": reference.orNull, "sae_id?": reference.orNull, "layer?": layer.orNull,
            ]).meaning("The fields to change; null takes an optional one away.")
    }

    static let saveCurrent = Schema.object([
        "name": .text(1...ProfileRules.nameLength, pattern: ProfileRules.linePattern),
        "description?": .text(0...ProfileRules.descriptionLength, pattern: ProfileRules.prosePattern).orNull,
    ])

    static let profile = Schema.object([
        "id": .text(1...ProfileID.maximumLength).meaning("The file's name without its extension."),
        "name": .text(),
        "description": .text().orNull,
        "model_id": .text().orNull,
        "sae_id": .text().orNull,
        "layer": layer.orNull,
        "steering": .named(.strengths),
        "feature_count": .integer(0...ProfileRules.features),
        "is_active": .boolean,
        "created_at": time.meaning(
            """
            When the file that is there now was made: its birth, or its last change of any kind where the file system \
            keeps none. Who saves by putting a new file in place of the old one, as the server and most editors do, \
            makes it anew.
            """
        ),
        "updated_at": time.meaning("When the file's content was written last: its modification time."),
        "etag": digest,
        "valid": .boolean,
        "diagnostics": .array(of: .named(.diagnostic)),
        "warnings?": warnings,
    ])

    static let diagnostic = Schema.object([
        "code": .text(), "severity": .text(), "message": .text(), "file": .text(),
        "line": .integer().orNull, "column": .integer().orNull, "endLine": .integer().orNull,
        "endColumn": .integer().orNull, "help": .text().orNull,
        "related": .array(of: .object(["message": .text(), "file": .text()])),
    ])

    static let profileList = Schema.object([
        "profiles": .array(of: .named(.profile)),
        "total": .integer(0...Int.max),
        "active_profile_id": .text().orNull,
    ])

    static let activation = Schema.object(["apply_steering?": .boolean.orNull, "force?": .boolean.orNull])

    static let activated = Schema.object([
        "profile_id": .text(), "applied_steering": .boolean, "feature_count": .integer(0...Int.max),
        "warnings": warnings,
    ])

    static let deactivated = Schema.object([
        "profile_id": .text(), "cleared_steering": .boolean, "warnings": warnings,
    ])

    // MARK: - Steering and status

    static let steeringChange = Schema.object(["steering": .named(.strengths)])

    static let steering = Schema.object([
        "steering": .named(.strengths),
        "profile_id": .text().orNull,
        "source": .word(["directory", "api", "rollback"]).orNull,
        "plan_digest": digest,
        "model_id": .text(),
        "sae_id": .text().orNull,
        "layer": .integer(0...Int.max).orNull,
        "warnings?": warnings,
    ])

    static let status = Schema.object([
        "pid": .integer(),
        "state": .word(["ok", "inactive", "held", "degraded"]),
        "mode": .word(["inotify", "polling"]),
        "generation": .integer(0...Int.max).meaning("Grows by one with every apply."),
        "desired": .object(["id": .text(), "digest": digest.orNull]).orNull,
        "applied": .object([
            "id": .text().orNull, "digest": digest.orNull, "plan_digest": digest, "features": .integer(0...Int.max),
            "source": .word(["directory", "api", "rollback"]), "at": time,
        ]).orNull,
        "reason": .either(.named(.statusReason), .null),
        "counters": .object([
            "applies": .integer(0...Int.max), "rejections": .integer(0...Int.max), "rescans": .integer(0...Int.max),
            "overflows": .integer(0...Int.max),
        ]),
        "model": .object(["name": .text(), "n_embd": .integer(), "n_layer": .integer()]),
        "sae": .object(["id": .text(), "layer": .integer(), "d_sae": .integer()]).orNull,
    ])

    static let statusReason = Schema.object([
        "code": .text(), "message": .text(), "file": .text().orNull, "line": .integer().orNull,
        "column": .integer().orNull, "since": time,
    ])

    // MARK: - Files

    private static let fileName = scalarText(
        1...ProfileRules.nameLength,
        pattern: ProfileRules.linePattern,
        orNull: false
    )
    private static let fileDescription = scalarText(
        0...ProfileRules.descriptionLength,
        pattern: ProfileRules.prosePattern,
        orNull: true
    )
    private static let fileReference = scalarText(
        1...ProfileRules.referenceLength,
        pattern: ProfileRules.linePattern,
        orNull: true
    )
    private static let fileStrengths = Schema.dictionary(
        keys: index,
        values: .number(-ProfileRules.greatestStrength...ProfileRules.greatestStrength),
        most: ProfileRules.features
    )

    static let millmEnvelope = Schema.object([
        "version": .word(["1.0"]),
        "type": .word(["millm_profile"]),
        "profile": .object([
            "name": fileName, "description?": fileDescription, "model?": fileReference, "sae?": fileReference,
            "layer?": layer.orNull, "steering": fileStrengths,
        ]),
        "exported_at?": .anything, "exported_from?": .anything,
    ]).meaning("What miLLM exports.")

    static let millmFlat = Schema.object([
        "version": .word(["1.0"]),
        "name": fileName, "description?": fileDescription, "model_id?": fileReference, "sae_id?": fileReference,
        "layer?": layer.orNull, "steering": fileStrengths, "created_at?": .anything, "updated_at?": .anything,
    ]).meaning("miLLM's flat shape.")

    static let millmRow = Schema.object([
        "name": fileName, "description?": fileDescription, "model_id?": fileReference, "sae_id?": fileReference,
        "layer?": layer.orNull, "steering": fileStrengths, "created_at?": .anything, "updated_at?": .anything,
        "id?": .anything, "is_active?": .anything, "version?": .never,
    ]).meaning("Version 0: a row of miLLM's table.")

    /// A profile's file: what this program writes, and people, too.
    static let profileFile = Schema.object([
        "version": .integer(1...1),
        "name": fileName, "description?": fileDescription, "model?": fileReference, "sae?": fileReference,
        "layer?": layer.orNull, "steering": fileStrengths,
    ]).closed.meaning("Version 1.")

    /// A profile in any format that can be read.
    static let anyFile = Schema.either(
        .named(.profileFile),
        .named(.millmEnvelope),
        .named(.millmFlat),
        .named(.millmRow)
    )
}
