import NIOCore
import Profiles

/// miLLM's envelope around what was asked for.
struct Envelope<Payload: Encodable & Sendable>: Encodable, Sendable {
    private let success = true
    private let data: Payload
    @ExplicitNull private var error: Never? = nil

    init(_ data: Payload) {
        self.data = data
    }
}

extension APIError {
    /// The error in miLLM's envelope.
    var envelope: ByteBuffer {
        let details = [
            // The field of the request that is to blame.
            parameter.map { JSONValue.Member("parameter", .string($0)) },
            // A sentence for each thing in which a profile does not fit the model or the SAE.
            mismatches.map { JSONValue.Member("mismatches", .array($0.map(JSONValue.string))) },
            diagnostics.isEmpty ? nil : JSONValue.Member("diagnostics", .array(diagnostics.map(\.json))),
        ]
        let failure: JSONValue = [
            "code": .string(code.name), "details": .object(details.compactMap(\.self)), "message": .string(message),
        ]
        let envelope: JSONValue = ["data": .null, "error": failure, "success": false]
        return ByteBuffer(string: envelope.text(indentation: nil))
    }
}
