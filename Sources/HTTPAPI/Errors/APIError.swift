import HTTPTypes
import Profiles

/// Why a request is not answered as asked.
struct APIError: Error {
    var code: APIErrorCode
    /// What failed, on what, and what to do; nothing about the inside of the server.
    var message: String
    /// The field of the request that is to blame, as `messages[0].content`.
    var parameter: String?
    /// A sentence for each thing in which a profile does not fit; nil for other errors.
    var mismatches: [String]?
    /// Headers that belong to the answer: `Allow`, `Retry-After` …
    var headers: HTTPFields
    /// What happened inside of the server, for the log alone.
    var cause: (any Error)?

    init(
        _ code: APIErrorCode,
        _ message: String,
        parameter: String? = nil,
        headers: HTTPFields = [:],
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.parameter = parameter
        self.headers = headers
        self.cause = cause
    }

    /// A parameter breaks a rule. Its name may be any key of a request's body.
    static func invalidParameter(_ name: String, _ rule: String) -> APIError {
        APIError(.invalidValue, "'\(name.shortened)' \(rule).", parameter: name.shortened)
    }
}
