import Steering

/// The body of `POST /v1/completions`.
struct CompletionBody: NamedFields {
    /// How long an answer may be if the request does not say; OpenAI's default.
    static let defaultMaxTokens = 16

    var common: CommonParameters
    var prompts: [String]
    var logprobs: NumberField<Int>?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case prompt, logprobs
    }

    static var names: [String] { CommonParameters.names + CodingKeys.allCases.map(\.stringValue) }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        common = try CommonParameters(from: decoder)
        prompts = try Self.prompts(in: container)
        logprobs = try container.decodeIfPresent(NumberField<Int>.self, forKey: .logprobs)
    }

    private static func prompts(in container: KeyedDecodingContainer<CodingKeys>) throws -> [String] {
        do {
            return [try container.decode(String.self, forKey: .prompt)]
        } catch DecodingError.typeMismatch {
            if let prompts = try? container.decode([String].self, forKey: .prompt), !prompts.isEmpty { return prompts }
            throw DecodingError.dataCorruptedError(
                forKey: .prompt,
                in: container,
                debugDescription: "'prompt' must be a text or an array of texts; token numbers are not taken."
            )
        }
    }

    /// What the body asks for.
    ///
    /// - Throws: ``APIError`` `.invalidValue` with the parameter that breaks a rule.
    func order() throws(APIError) -> GenerationOrder {
        try require(logprobs?.value, in: 0...5, "logprobs", "must be from 0 to 5")
        return try common.order(
            prompts: prompts.map { .text($0) },
            maxTokens: common.maxTokens?.value ?? Self.defaultMaxTokens,
            topLogprobs: logprobs?.value
        )
    }
}
