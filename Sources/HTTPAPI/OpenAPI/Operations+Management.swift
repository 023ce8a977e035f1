import HTTPTypes
import Profiles

// What can be done under /api.

extension [APIOperation] {
    /// The management API.
    static var management: [APIOperation] {
        let fixed = ProfileRoutes.segments.filter { !$0.hasPrefix("{") }
        return collection + aboutOne("{id}", suffix: "") + fixed.flatMap { aboutOne($0, suffix: suffix(of: $0)) }
            + activation + transfer + steering + liveSteering
    }

    private static let idParameter = APIOperation.Parameter(
        name: "id",
        place: .path,
        schema: .text(1...ProfileID.maximumLength).example("king-james"),
        meaning: "The profile's id: its file's name without the extension, percent-encoded."
    )

    private static let conditions = [
        APIOperation.Parameter(
            name: "If-Match",
            place: .header,
            schema: .text(),
            example: .string("\"sha256:0000000000000000000000000000000000000000000000000000000000000000\""),
            meaning: "Do it only if the file's content still has one of these hashes, in quotes, or `*`."
        ),
        APIOperation.Parameter(
            name: "If-None-Match",
            place: .header,
            schema: .text(),
            example: .string("\"sha256:0000000000000000000000000000000000000000000000000000000000000000\""),
            meaning: "Do it only if the file's content has none of these hashes, in quotes; with `*` it is never done."
        ),
    ]

    private static func answer(
        _ meaning: String,
        _ data: Schema,
        _ headers: APIOperation.Header...
    ) -> [APIOperation.Answer] {
        [
            APIOperation.Answer(
                meaning: meaning,
                contents: [APIOperation.Content("application/json", .envelope(data))],
                headers: headers
            )
        ]
    }

    private static let invalidFields = [
        APIErrorCode.validationError, APIErrorCode(.featureOutOfRange), APIErrorCode(.invalidFormat),
        APIErrorCode(.alreadyExists), APIErrorCode(.incompatible), APIErrorCode(.saeNotAttached),
    ]

    private static var collection: [APIOperation] {
        [
            APIOperation(
                method: .get,
                path: "/api/profiles",
                name: "listProfiles",
                tag: .profiles,
                summary: "All profiles, sorted by name.",
                answers: answer("The profiles.", .profileList)
            ),
            APIOperation(
                method: .post,
                path: "/api/profiles",
                name: "createProfile",
                tag: .profiles,
                summary: "Writes a new profile; without steering it takes what the model is steered with now.",
                body: .json(.named(.newProfile)),
                answers: answer("The new profile.", .named(.profile), .eTag),
                errors: invalidFields
            ),
            APIOperation(
                method: .get,
                path: "/api/profiles/active",
                name: "getActiveProfile",
                tag: .profiles,
                summary: "The active profile, or null.",
                answers: answer("The profile, or null.", .either(.named(.profile), .null), .eTag),
                errors: [APIErrorCode(.activeLinkBroken), APIErrorCode(.notFound)]
            ),
            APIOperation(
                method: .post,
                path: "/api/profiles/save-current",
                name: "saveCurrentSteering",
                tag: .profiles,
                summary: "Writes what the model is steered with now as a new profile.",
                body: .json(.saveCurrent),
                answers: answer("The new profile.", .named(.profile), .eTag),
                errors: invalidFields
            ),
        ]
    }

    /// `SaveCurrent` of `save-current`, for operations on a profile whose id is a word with a meaning of its own.
    private static func suffix(of segment: String) -> String {
        "Named" + segment.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    private static func aboutOne(_ segment: String, suffix: String) -> [APIOperation] {
        let path = "/api/profiles/\(segment)"
        let id = segment.hasPrefix("{") ? [idParameter] : []
        let what = segment.hasPrefix("{") ? "the profile" : "the profile whose id is '\(segment)'"
        let change = [HTTPRequest.Method.put, .patch].map { method in
            APIOperation(
                method: method,
                path: path,
                name: method.rawValue.lowercased() + "Profile" + suffix,
                tag: .profiles,
                summary: """
                    Changes the given fields of \(what), each as a whole: a `steering` that is given takes the place of \
                    the one that is there. The file keeps comments and layout.
                    """,
                parameters: id + conditions,
                body: .json(.named(.profileFields)),
                answers: answer("The profile as it is now.", .named(.profile), .eTag),
                errors: invalidFields + [APIErrorCode(.notFound), APIErrorCode(.conflict), APIErrorCode(.inUse)]
            )
        }
        return [
            APIOperation(
                method: .get,
                path: path,
                name: "getProfile" + suffix,
                tag: .profiles,
                summary: "Shows \(what).",
                parameters: id,
                answers: answer("The profile.", .named(.profile), .eTag),
                errors: [APIErrorCode(.notFound), APIErrorCode(.invalidFormat)]
            )
        ] + change + [
            APIOperation(
                method: .delete,
                path: path,
                name: "deleteProfile" + suffix,
                tag: .profiles,
                summary: "Removes the file of \(what); the active one cannot be deleted.",
                parameters: id + conditions,
                answers: answer("It is gone.", .object(["profile_id": .text()])),
                errors: [
                    APIErrorCode(.notFound), APIErrorCode(.active), APIErrorCode(.conflict), APIErrorCode(.inUse),
                    APIErrorCode(.invalidFormat),
                ]
            )
        ]
    }

    private static var activation: [APIOperation] {
        let path = "/api/profiles/{id}"
        return [
            APIOperation(
                method: .post,
                path: path + "/activate",
                name: "activateProfile",
                tag: .profiles,
                summary: "Makes it the active profile, and answers once the model is steered by it.",
                parameters: [idParameter],
                body: APIOperation.Body(
                    isRequired: false,
                    contents: [APIOperation.Content("application/json", .activation)]
                ),
                answers: answer("What was applied.", .activated),
                errors: [
                    APIErrorCode(.notFound), APIErrorCode(.invalidFormat), APIErrorCode(.incompatible),
                    APIErrorCode(.activeLinkBroken), APIErrorCode(.saeNotAttached), APIErrorCode(.featureOutOfRange),
                    .validationError,
                ]
            ),
            APIOperation(
                method: .post,
                path: path + "/deactivate",
                name: "deactivateProfile",
                tag: .profiles,
                summary: "Takes the steering away, if the profile is the active one.",
                parameters: [
                    idParameter,
                    APIOperation.Parameter(
                        name: "clear_steering",
                        place: .query,
                        schema: .boolean.standard(true),
                        meaning: "False leaves the model as it is until the next change."
                    ),
                ],
                answers: answer("What was cleared.", .deactivated),
                errors: [APIErrorCode(.notFound), APIErrorCode(.activeLinkBroken), .validationError]
            ),
        ]
    }

    private static var transfer: [APIOperation] {
        [
            APIOperation(
                method: .get,
                path: "/api/profiles/{id}/export",
                name: "exportProfile",
                tag: .profiles,
                summary: "The profile as a file to save, outside of the envelope.",
                parameters: [
                    idParameter,
                    APIOperation.Parameter(
                        name: "format",
                        place: .query,
                        schema: Schema.word(["envelope", "flat", "yaml"]).standard("envelope"),
                        meaning: "miLLM's envelope, its flat shape, or this program's YAML."
                    ),
                ],
                answers: [
                    APIOperation.Answer(
                        meaning: "The file.",
                        contents: [
                            APIOperation.Content(
                                "application/json",
                                .either(.named(.millmEnvelope), .named(.millmFlat))
                            ),
                            APIOperation.Content("application/yaml", .named(.profileFile)),
                        ],
                        headers: [.contentDisposition]
                    )
                ],
                errors: [APIErrorCode(.notFound), APIErrorCode(.invalidFormat), .validationError]
            ),
            APIOperation(
                method: .post,
                path: "/api/profiles/import",
                name: "importProfile",
                tag: .profiles,
                summary: "Takes over a profile in any format that there is, as a whole or not at all.",
                parameters: [
                    APIOperation.Parameter(
                        name: "replace",
                        place: .query,
                        schema: .boolean.standard(false),
                        meaning: "Whether it takes the place of the profile that has its name already."
                    )
                ],
                body: APIOperation.Body(
                    contents: [
                        APIOperation.Content("application/json", .anyFile),
                        APIOperation.Content("application/yaml", .anyFile),
                    ]
                ),
                answers: answer("The new profile.", .named(.profile), .eTag),
                errors: invalidFields + [APIErrorCode(.conflict), APIErrorCode(.inUse)]
            ),
        ]
    }

    private static var steering: [APIOperation] {
        [
            APIOperation(
                method: .get,
                path: "/api/steering",
                name: "getSteering",
                tag: .steering,
                summary: "What the model is steered with now.",
                answers: answer("The steering.", .named(.steering))
            ),
            APIOperation(
                method: .get,
                path: "/api/status",
                name: "getStatus",
                tag: .steering,
                summary: "What the directory says, what the model is steered with, and why the two differ if they do.",
                answers: answer("The status.", .named(.status))
            ),
            APIOperation(
                method: .get,
                path: OpenAPIRoutes.path,
                name: "getOpenAPI",
                tag: .operation,
                summary: "This document.",
                answers: [
                    APIOperation.Answer(
                        meaning: "The document.",
                        contents: [APIOperation.Content("application/json", .object(["openapi": .text()]))]
                    )
                ]
            ),
        ]
    }

    /// Steering without a file, and what happens to it.
    static var liveSteering: [APIOperation] {
        [
            APIOperation(
                method: .put,
                path: "/api/steering",
                name: "setSteering",
                tag: .steering,
                summary: "Steers the model without a file, until the next change on disk or activation.",
                body: .json(.steeringChange),
                answers: answer("The steering as it is now.", .named(.steering)),
                errors: [
                    .validationError, APIErrorCode(.featureOutOfRange), APIErrorCode(.saeNotAttached),
                    APIErrorCode(.incompatible),
                ]
            ),
            APIOperation(
                method: .delete,
                path: "/api/steering",
                name: "clearSteering",
                tag: .steering,
                summary: "Takes the steering away, until the next change on disk or activation.",
                answers: answer("The steering as it is now: none.", .named(.steering))
            ),
            APIOperation(
                method: .get,
                path: "/api/events",
                name: "followEvents",
                tag: .steering,
                summary: "Tells applies, rejections and recoveries as they happen, without an end.",
                parameters: [
                    APIOperation.Parameter(
                        name: "Last-Event-ID",
                        place: .header,
                        schema: .text(),
                        meaning: "The id of the last event that the client has seen; those since then come first."
                    )
                ],
                answers: [
                    APIOperation.Answer(
                        meaning: """
                            Server-sent events: activated, deactivated, applied, rejected, held, recovered (`degraded` has \
                            ended without an apply); `status` or `reset` with the whole status where a client begins anew. \
                            At most \(ConnectionLimits().connections / 4) clients can follow at once; others get 503.
                            """,
                        contents: [APIOperation.Content("text/event-stream", .anything)]
                    )
                ],
                errors: [.unavailable]
            ),
        ]
    }
}
