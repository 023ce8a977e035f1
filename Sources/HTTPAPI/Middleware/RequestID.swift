import HTTPTypes

/// The id under which a request stands in the log.
///
/// A client, or a proxy before the server, may bring its own, so that one id goes through all logs. What could forge
/// a line of a log, or flood it, is no id, and the server's own is taken.
enum RequestID {
    static let maximumLength = 64

    /// The id that a request brings; nil if it brings none that will do.
    static func given(in headers: HTTPFields) -> String? {
        let values = headers[values: .requestID]
        guard values.count == 1, let text = values.first, (1...maximumLength).contains(text.utf8.count) else {
            return nil
        }
        return text.utf8.allSatisfy(isAllowed) ? text : nil
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "-_.".utf8.contains(byte)
        }
    }
}

extension HTTPField.Name {
    /// The header that carries the request's id, there and back.
    // A literal name is known to be valid.
    // swift-format-ignore: NeverForceUnwrap
    static let requestID = HTTPField.Name("X-Request-Id")!
}
