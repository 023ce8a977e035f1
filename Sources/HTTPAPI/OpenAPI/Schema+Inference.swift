// The values of the inference API.

extension Schema {
    /// An error as OpenAI writes it.
    static func openAIFailure(_ codes: [String]) -> Schema {
        .object([
            "error": .object([
                "message": .text(), "type": .text(), "param": .text().orNull, "code": .word(codes),
            ])
        ])
    }

    private static let stop = Schema.either(
        .text(1...Int.max),
        .array(of: .text(1...Int.max), count: 0...StopTexts.limit),
        .null
    )
    private static let positive = Schema.integer(1...Int.max).orNull
    private static let profileName = Schema.text().orNull
        .meaning("A profile's id or name for this request alone; `none` for no steering. Absent: the active one.")
    private static let modelName = Schema.text().orNull.meaning("The loaded model's name, or `default`.")
    private static let streamOptions = Schema.object(["include_usage?": .boolean.orNull]).orNull
    private static let count = Schema.integer(1...GenerationOrder.choiceLimit).orNull

    static let chatRequest = Schema.object([
        "messages": .array(
            of: .object([
                "role": .word(["system", "developer", "user", "assistant"]),
                "content": .either(.text(), .array(of: .object(["type": .word(["text"]), "text": .text()]))),
            ]),
            count: 1...Int.max
        ),
        "model?": modelName,
        "profile?": profileName,
        "max_tokens?": positive,
        "max_completion_tokens?": positive,
        "temperature?": .number(0...2).orNull,
        "top_p?": .number(0...1).orNull,
        "seed?": .integer(Int.min...Int.max).orNull,
        "stop?": stop,
        "n?": count,
        "presence_penalty?": .number(-2...2).orNull,
        "frequency_penalty?": .number(-2...2).orNull,
        "logprobs?": .boolean.orNull,
        "top_logprobs?": .integer(0...20).orNull.meaning("Only together with `logprobs`."),
        "stream?": .boolean.orNull,
        "stream_options?": streamOptions.meaning("Only together with `stream`."),
    ])

    static let completionRequest = Schema.object([
        "prompt": .either(.text(), .array(of: .text(), count: 1...GenerationOrder.choiceLimit)),
        "model?": modelName,
        "profile?": profileName,
        "max_tokens?": positive,
        "temperature?": .number(0...2).orNull,
        "top_p?": .number(0...1).orNull,
        "seed?": .integer(Int.min...Int.max).orNull,
        "stop?": stop,
        "n?": count,
        "presence_penalty?": .number(-2...2).orNull,
        "frequency_penalty?": .number(-2...2).orNull,
        "logprobs?": .integer(0...5).orNull,
        "stream?": .boolean.orNull,
        "stream_options?": streamOptions.meaning("Only together with `stream`."),
    ])

    private static let finishReason = Schema.word(["stop", "length"])

    static let chatAnswer = Schema.object([
        "id": .text(), "object": .word(["chat.completion"]), "created": .integer(), "model": .text(),
        "system_fingerprint": .text(),
        "choices": .array(
            of: .object([
                "index": .integer(),
                "message": .object(["role": .word(["assistant"]), "content": .text()]),
                "logprobs": .object([
                    "content": .array(
                        of: .object(["token": .text(), "logprob": .number(), "top_logprobs": .array(of: .anything)])
                    )
                ]).orNull,
                "finish_reason": finishReason,
            ])
        ),
        "usage": .named(.usage),
        "steering": .named(.receipt),
        "warnings?": warnings,
    ])

    static let completionAnswer = Schema.object([
        "id": .text(), "object": .word(["text_completion"]), "created": .integer(), "model": .text(),
        "system_fingerprint": .text(),
        "choices": .array(
            of: .object([
                "index": .integer(),
                "text": .text(),
                "logprobs": .object(["tokens": .array(of: .text()), "token_logprobs": .array(of: .number())]).orNull,
                "finish_reason": finishReason,
            ])
        ),
        "usage": .named(.usage),
        "steering": .named(.receipt),
        "warnings?": warnings,
    ])

    static let usage = Schema.object([
        "prompt_tokens": .integer(), "completion_tokens": .integer(), "total_tokens": .integer(),
    ])

    static let receipt = Schema.object([
        "profile": .text().orNull, "digest": .text().orNull, "sae": .text().orNull, "layer": .integer().orNull,
        "features": .integer(),
    ]).meaning("What the answer was steered with.")

    static let model = Schema.object([
        "id": .text(), "object": .word(["model"]), "created": .integer(), "owned_by": .text(),
    ])
}
