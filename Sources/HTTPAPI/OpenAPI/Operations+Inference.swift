import HTTPTypes
import Profiles

// What can be done under /v1.

extension [APIOperation] {
    /// The inference API.
    static var inference: [APIOperation] {
        [
            completion(
                "/v1/chat/completions",
                name: "createChatCompletion",
                summary: "Answers a chat.",
                request: .chatRequest,
                answer: .chatAnswer
            ),
            completion(
                "/v1/completions",
                name: "createCompletion",
                summary: "Continues a text.",
                request: .completionRequest,
                answer: .completionAnswer
            ),
            APIOperation(
                method: .get,
                path: "/v1/models",
                name: "listModels",
                tag: .inference,
                summary: "The model that is loaded.",
                answers: answer(.object(["object": .word(["list"]), "data": .array(of: .named(.model))]))
            ),
            APIOperation(
                method: .get,
                path: "/v1/models/{model}",
                name: "getModel",
                tag: .inference,
                summary: "The model by its name, which may hold slashes.",
                parameters: [
                    APIOperation.Parameter(
                        name: "model",
                        place: .path,
                        schema: .text(1...Int.max).example("default"),
                        meaning: "The loaded model's name, or `default`."
                    )
                ],
                answers: answer(.named(.model)),
                errors: [.modelNotFound, .notFound]
            ),
        ]
    }

    private static func completion(
        _ path: String,
        name: String,
        summary: String,
        request: SchemaName,
        answer: SchemaName
    ) -> [APIOperation].Element {
        APIOperation(
            method: .post,
            path: path,
            name: name,
            tag: .inference,
            summary: summary,
            body: .json(.named(request)),
            answers: [
                APIOperation.Answer(
                    meaning: "The answer; with `stream`, as server-sent events that end with `[DONE]`.",
                    contents: [
                        APIOperation.Content("application/json", .named(answer)),
                        APIOperation.Content("text/event-stream", .anything),
                    ],
                    headers: [.profile]
                )
            ],
            errors: [
                .invalidValue, .contextLengthExceeded, .modelNotFound, .queueFull, .unavailable,
                APIErrorCode(ProfileError.Code.notFound), APIErrorCode(ProfileError.Code.incompatible),
                APIErrorCode(ProfileError.Code.invalidFormat),
            ]
        )
    }

    private static func answer(_ schema: Schema) -> [APIOperation.Answer] {
        [APIOperation.Answer(meaning: "As asked.", contents: [APIOperation.Content("application/json", schema)])]
    }
}
