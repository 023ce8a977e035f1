import HTTPTypes

/// What a token allows.
package enum TokenScope: Comparable, Sendable {
    /// Looking at everything, and asking the model.
    case read
    /// Changing profiles and steering, too.
    case write

    /// What a request needs. Asking the model changes nothing that others see, so it needs no more than reading.
    init(needed method: HTTPRequest.Method, _ path: String) {
        let isInference = path.hasPrefix("/v1/")
        self = isInference || [.get, .head, .options].contains(method) ? .read : .write
    }
}
