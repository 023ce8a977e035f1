import Hummingbird

/// The two shapes of errors: OpenAI's under `/v1`, miLLM's envelope everywhere else.
enum ErrorShape {
    case openAI
    case envelope

    /// The shape that a path promises.
    init(path: String) {
        self = path == "/v1" || path.hasPrefix("/v1/") ? .openAI : .envelope
    }

    /// The error as an answer, without its headers.
    func response(to error: APIError) throws -> Response {
        switch self {
        case .openAI: try .json(OpenAIError(error), status: error.code.status)
        case .envelope: .json(error.envelope, status: error.code.status)
        }
    }
}
