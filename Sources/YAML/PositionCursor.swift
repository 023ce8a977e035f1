/// Walks once through a text and tells offsets, lines and columns as editors count them.
///
/// libyaml counts code points and takes NEL, LS and PS for line breaks; editors do not. So only the number of
/// code points is taken from libyaml, and the rest is counted here.
struct PositionCursor {
    let bytes: [UInt8]
    /// Unicode scalars before the cursor, a byte order mark not counted.
    private(set) var scalarIndex = 0
    private(set) var position: SourcePosition

    /// A cursor at the text's first character.
    ///
    /// - Parameter bytes: The whole file; invalid UTF-8 is walked over without trapping.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = SourcePosition(offset: SourceScan.startOfText(bytes), line: 1, column: 1)
    }

    /// A cursor somewhere in the text.
    ///
    /// - Parameter scalarIndex: How many scalars there are before the position.
    init(_ bytes: [UInt8], at position: SourcePosition, scalarIndex: Int) {
        self.bytes = bytes
        self.position = position
        self.scalarIndex = scalarIndex
    }

    /// Whether everything has been walked over.
    var isAtEnd: Bool { position.offset >= bytes.count }

    /// Walks to the scalar with this number, but never back.
    mutating func advance(toScalar target: Int) -> SourcePosition {
        guard scalarIndex < target else { return position }
        unsafe bytes.withUnsafeBufferPointer { unsafe walk(toScalar: target, orOffset: $0.count, in: $0) }
        return position
    }

    /// Walks in one go: most of a reader's steps are taken here.
    private mutating func walk(toScalar target: Int, orOffset end: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        let count = bytes.count
        var (offset, line, column) = (position.offset, position.line, position.column)
        var index = scalarIndex
        while index < target, offset < end {
            let byte = unsafe bytes[offset]
            offset += 1
            index += 1
            column += 1
            if byte >= 0x80 {
                offset = min(offset + scalarLength(leadByte: byte) - 1, count)
            } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                let isPair = unsafe byte == UInt8(ascii: "\r") && offset < count && bytes[offset] == UInt8(ascii: "\n")
                if isPair { continue }
                line += 1
                column = 1
            }
        }
        scalarIndex = index
        position = SourcePosition(offset: offset, line: line, column: column)
    }

    /// Walks to the scalar with this number.
    ///
    /// - Returns: The end of the last line on the way that has more than white space, without its line break but
    ///   with the blanks before that; nil if there is none.
    mutating func advanceTrimming(toScalar target: Int) -> SourcePosition? {
        var end: SourcePosition?
        var hasInk = false
        while scalarIndex < target, !isAtEnd {
            let byte = bytes[position.offset]
            let endsLine = isLineBreak(byte)
            if endsLine { hasInk = false }
            if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t"), !endsLine { hasInk = true }
            step()
            if hasInk { end = position }
        }
        return end
    }

    /// Walks to a byte offset, or to the end of the scalar that the offset is inside.
    mutating func advance(toOffset target: Int) -> SourcePosition {
        let end = min(target, bytes.count)
        unsafe bytes.withUnsafeBufferPointer { unsafe walk(toScalar: .max, orOffset: end, in: $0) }
        return position
    }

    /// Walks to the end of the line, over blanks at its end only as far as needed.
    ///
    /// - Returns: The position behind the line's last character that is no white space, or where the cursor stood.
    mutating func advanceToEndOfLine() -> SourcePosition {
        var end = position
        while !isAtEnd, !isLineBreak(bytes[position.offset]) {
            let isBlank = bytes[position.offset] == UInt8(ascii: " ") || bytes[position.offset] == UInt8(ascii: "\t")
            step()
            if !isBlank { end = position }
        }
        return end
    }

    /// Walks over one scalar.
    mutating func step() {
        let byte = bytes[position.offset]
        let next = min(position.offset + scalarLength(leadByte: byte), bytes.count)
        scalarIndex += 1
        let endsLine =
            byte == UInt8(ascii: "\n")
            || byte == UInt8(ascii: "\r") && !(next < bytes.count && bytes[next] == UInt8(ascii: "\n"))
        position = SourcePosition(
            offset: next,
            line: endsLine ? position.line + 1 : position.line,
            column: endsLine ? 1 : position.column + 1
        )
    }

    private func isLineBreak(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    private func scalarLength(leadByte: UInt8) -> Int {
        switch leadByte {
        case ..<0xC0: 1
        case ..<0xE0: 2
        case ..<0xF0: 3
        default: 4
        }
    }
}
