/// A place that libyaml marks, with what is around it.
struct Place {
    let start: SourcePosition
    /// The one character there; empty at the end of the file, and where the line has nothing more.
    let character: SourceRange
    /// That character; nil where there is none.
    let scalar: Unicode.Scalar?
    private let cursor: PositionCursor

    /// - Parameter mark: Scalars before the place, a byte order mark not counted.
    init(mark: Int, in bytes: [UInt8]) {
        var cursor = PositionCursor(bytes)
        _ = cursor.advance(toScalar: mark)
        self.init(at: cursor, in: bytes)
    }

    /// - Parameter offset: Where a character begins, or the text ends.
    init(offset: Int, in bytes: [UInt8]) {
        var cursor = PositionCursor(bytes)
        _ = cursor.advance(toOffset: offset)
        self.init(at: cursor, in: bytes)
    }

    private init(at cursor: PositionCursor, in bytes: [UInt8]) {
        self.cursor = cursor
        start = cursor.position
        let rest = bytes[start.offset...]
        guard let ink = rest.first(where: { !" \t".utf8.contains($0) }), !"\r\n".utf8.contains(ink) else {
            character = SourceRange(start, start)
            scalar = nil
            return
        }
        var next = cursor
        next.step()
        character = SourceRange(start, next.position)
        scalar = String(decoding: rest[..<next.position.offset], as: UTF8.self).unicodeScalars.first
    }

    /// From there to the line's last character.
    var restOfLine: SourceRange {
        var end = cursor
        return SourceRange(start, end.advanceToEndOfLine())
    }

    /// From there to the next blank, or to an offset.
    func word(upTo offset: Int? = nil, in bytes: [UInt8]) -> SourceRange {
        let length = bytes[start.offset...].prefix { !" \t\r\n".utf8.contains($0) }.count
        var end = cursor
        return SourceRange(start, end.advance(toOffset: offset ?? start.offset + length))
    }
}
