/// A text as short as a key of a profile, compared as numbers.
package struct ShortText: Hashable, Sendable, ExpressibleByStringLiteral {
    private static let length = 16

    /// The first eight bytes; 0 if there are fewer.
    private let start: UInt64
    /// The last eight bytes, or as many as there are.
    private let end: UInt64
    /// How many bytes it has.
    private let count: Int

    /// A stretch of some texts.
    ///
    /// - Returns: nil if it has more than 16 bytes.
    init?(_ texts: Span<UInt8>, at range: Range<Int>) {
        count = range.count
        guard count <= Self.length else { return nil }
        start = count < 8 ? 0 : unsafe texts.bytes.word(endingAt: range.lowerBound + 8, count: 8)
        end = unsafe texts.bytes.word(endingAt: range.upperBound, count: min(count, 8))
    }

    /// - Parameter text: At most 16 bytes.
    package init(stringLiteral text: String) {
        guard let short = Self(text.utf8.span, at: 0..<text.utf8.count) else {
            preconditionFailure("'\(text)' is too long")
        }
        self = short
    }
}

extension RawSpan {
    /// Up to eight bytes as a number.
    @inline(__always) func word(endingAt end: Int, count: Int) -> UInt64 {
        guard end >= 8, count > 0 else { return slowWord(endingAt: end, count: count) }
        // What stands before them is shifted out.
        let word = unsafe unsafeLoadUnaligned(fromByteOffset: end &- 8, as: UInt64.self)
        return UInt64(bigEndian: word) & (UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count))
    }

    /// The same where fewer than eight bytes stand before the end.
    @inline(never) private func slowWord(endingAt end: Int, count: Int) -> UInt64 {
        (end - count..<end).reduce(0) { unsafe $0 &<< 8 | UInt64(unsafeLoad(fromByteOffset: $1, as: UInt8.self)) }
    }
}
