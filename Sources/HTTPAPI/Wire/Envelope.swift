/// miLLM's envelope around every answer of the management API.
struct Envelope<Payload: Encodable & Sendable>: Encodable, Sendable {
    /// The error inside of an envelope.
    struct Failure: Encodable, Sendable {
        struct Details: Encodable, Sendable {
            /// The field of the request that is to blame.
            var parameter: String?
            /// A sentence for each thing in which a profile does not fit the model or the SAE.
            var mismatches: [String]?
        }

        var code: String
        var message: String
        var details: Details
    }

    var success: Bool
    @ExplicitNull var data: Payload? = nil
    @ExplicitNull var error: Failure? = nil

    init(_ data: Payload) {
        success = true
        self.data = data
    }
}

extension Envelope<Never> {
    init(error: APIError) {
        success = false
        self.error = Failure(
            code: error.code.name,
            message: error.message,
            details: Failure.Details(parameter: error.parameter, mismatches: error.mismatches)
        )
    }
}
