import HTTPTypes

/// An error as OpenAI's API writes it.
struct OpenAIError: Encodable, Sendable {
    struct Body: Encodable, Sendable {
        var message: String
        var type: String
        @ExplicitNull var param: String? = nil
        @ExplicitNull var code: String? = nil
    }

    var error: Body

    init(_ error: APIError) {
        let type =
            switch error.code.status.code {
            case 401: "authentication_error"
            case 429: "rate_limit_error"
            case 500...: "server_error"
            default: "invalid_request_error"
            }
        self.error = Body(
            message: error.message,
            type: type,
            param: error.parameter,
            code: error.code.name.lowercased()
        )
    }
}
