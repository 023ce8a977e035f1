/// A text as short as a key of a profile, compared as a number.
package struct ShortText: Hashable, Sendable, ExpressibleByStringLiteral {
    private let bytes: UInt128
    /// How many bytes it has.
    let count: Int

    /// - Returns: nil if the text has more than 16 bytes.
    package init?(_ text: Span<UInt8>) {
        guard text.count <= 16 else { return nil }
        count = text.count
        bytes = text.indices.reduce(0) { $0 &<< 8 | UInt128(text[$1]) }
    }

    /// - Parameter text: At most 16 bytes.
    package init(stringLiteral text: String) {
        guard let short = Self(text.utf8.span) else { preconditionFailure("'\(text)' is too long") }
        self = short
    }
}
