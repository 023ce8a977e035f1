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
    /// What is wrong with a profile's text or values, each with its place; empty for other errors.
    var diagnostics: [Diagnostic] = []
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

    /// A text is no JSON, or none that is taken.
    static func malformed(_ fault: JSONSyntax.Fault) -> APIError {
        var error = APIError(.malformedBody, "The body cannot be read: \(fault).")
        error.diagnostics = [fault.diagnostic]
        return error
    }

    /// The error with each place in the body that is wrong, if it is about values of which it does not know the places.
    ///
    /// - Parameter fields: The fields that the request takes; others are ignored.
    func pointing(into body: [UInt8], of fields: [String]) -> APIError {
        guard diagnostics.isEmpty, [.validationError, APIErrorCode(.featureOutOfRange)].contains(code) else {
            return self
        }
        var error = self
        error.diagnostics = BodyFindings(body, of: fields, blamed: parameter, message: message).all
        return error
    }
}
