/// A text as short as a key of a profile, compared as a number.
package struct ShortText: Hashable, Sendable, ExpressibleByStringLiteral {
    private static let length = 16

    private let bytes: UInt128
    /// How many bytes it has.
    private let count: Int

    /// A stretch of some texts.
    ///
    /// - Returns: nil if it has more than 16 bytes.
    init?(_ texts: Span<UInt8>, at range: Range<Int>) {
        count = range.count
        guard count <= Self.length else { return nil }
        guard range.upperBound >= Self.length, count > 0 else {
            bytes = range.reduce(0) { $0 &<< 8 | UInt128(texts[$1]) }
            return
        }
        // What stands before it is shifted out.
        let offset = range.upperBound - Self.length
        let last = unsafe texts.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt128.self)
        bytes = UInt128(bigEndian: last) & UInt128.max &>> UInt128(8 * (Self.length - count))
    }

    /// - Parameter text: At most 16 bytes.
    package init(stringLiteral text: String) {
        guard let short = Self(text.utf8.span, at: 0..<text.utf8.count) else {
            preconditionFailure("'\(text)' is too long")
        }
        self = short
    }
}
