/// A place in a source text, as editors count it.
package struct SourcePosition: Hashable, Sendable, Comparable {
    /// Bytes from the start of the file, a byte order mark included.
    package let offset: Int
    /// The line, from 1.
    package let line: Int
    /// The column, from 1, in Unicode scalars; a byte order mark has no column.
    package let column: Int

    package init(offset: Int, line: Int, column: Int) {
        self.offset = offset
        self.line = line
        self.column = column
    }

    /// The first position of every text.
    package static let start = SourcePosition(offset: 0, line: 1, column: 1)

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.offset < rhs.offset }
}

/// A half-open stretch of a source text: `end` is the first position behind it.
package struct SourceRange: Hashable, Sendable {
    package let start: SourcePosition
    package let end: SourcePosition

    package init(_ start: SourcePosition, _ end: SourcePosition) {
        self.start = start
        self.end = end
    }

    /// The bytes of the range, as offsets into the file.
    package var bytes: Range<Int> { start.offset..<end.offset }
}
