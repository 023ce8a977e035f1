/// A place in a source text, as editors count it.
///
/// Files have at most ``Limits/bytes``, so 32 bits hold each number, and a tree of nodes half the memory.
package struct SourcePosition: Hashable, Sendable, Comparable {
    private let storedOffset: Int32
    private let storedLine: Int32
    private let storedColumn: Int32

    /// Bytes from the start of the file, a byte order mark included.
    package var offset: Int { Int(storedOffset) }
    /// The line, from 1.
    package var line: Int { Int(storedLine) }
    /// The column, from 1, in Unicode scalars; a byte order mark has no column.
    package var column: Int { Int(storedColumn) }

    package init(offset: Int, line: Int, column: Int) {
        storedOffset = Int32(truncatingIfNeeded: offset)
        storedLine = Int32(truncatingIfNeeded: line)
        storedColumn = Int32(truncatingIfNeeded: column)
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
