/// A secret that a client proves to know by sending it.
package struct BearerToken: Sendable, CustomStringConvertible {
    private let bytes: [UInt8]

    /// Takes a secret; nil for an empty one, which would be no secret.
    package init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        bytes = Array(text.utf8)
    }

    /// Whether the text is the secret, in a time that depends on the text's length alone.
    package func matches(_ text: String) -> Bool {
        var difference = bytes.count ^ text.utf8.count
        for (index, byte) in text.utf8.enumerated() {
            difference |= Int(bytes[index % bytes.count] ^ byte)
        }
        return difference == 0
    }

    /// Never the secret, so that none ends up in a log.
    package var description: String { "BearerToken(…)" }
}
