import YAML

/// A file's bytes, asked for lines.
struct EditableText {
    let bytes: [UInt8]
    /// What ends the file's lines: that of the first line.
    let lineBreak: String

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let first = bytes.firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        if let first, bytes[first] == UInt8(ascii: "\r") {
            let isPair = first + 1 < bytes.count && bytes[first + 1] == UInt8(ascii: "\n")
            lineBreak = isPair ? "\r\n" : "\r"
        } else {
            lineBreak = "\n"
        }
    }

    /// Whether the last line ends like the others.
    var endsWithLineBreak: Bool {
        bytes.last == UInt8(ascii: "\n") || bytes.last == UInt8(ascii: "\r")
    }

    func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// The offset of the line break behind the offset, or the file's end.
    func lineEnd(_ offset: Int) -> Int {
        bytes[offset...].firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? bytes.count
    }

    /// The offset behind the line break that follows the offset.
    func nextLine(_ offset: Int) -> Int {
        let end = lineEnd(offset)
        guard end < bytes.count else { return end }
        let isPair =
            bytes[end] == UInt8(ascii: "\r") && end + 1 < bytes.count && bytes[end + 1] == UInt8(ascii: "\n")
        return end + (isPair ? 2 : 1)
    }

    /// The offset of the line break before a line's start; the start itself for the first line.
    func previousLineEnd(_ lineStart: Int) -> Int {
        guard lineStart > 0 else { return 0 }
        let isPair =
            bytes[lineStart - 1] == UInt8(ascii: "\n") && lineStart > 1 && bytes[lineStart - 2] == UInt8(ascii: "\r")
        return lineStart - (isPair ? 2 : 1)
    }

    /// The offset of the first byte of the line that a position is on, behind a byte order mark.
    func lineStart(of position: SourcePosition) -> Int {
        previousLineStart(position.offset)
    }

    /// The offset of the first byte of the line that the byte before the offset is on, behind a byte order mark.
    func previousLineStart(_ offset: Int) -> Int {
        let mark = startOfText
        let lineBreak = bytes[..<offset].lastIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        return max(mark, lineBreak.map { $0 + 1 } ?? 0)
    }

    /// The offset behind a byte order mark.
    var startOfText: Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

    /// The comments in a stretch, from `#` to the last character that is no white space.
    ///
    /// - Parameter scalars: Where texts stand, in ascending order; a `#` there starts no comment.
    func comments(in range: Range<Int>, outside scalars: [Range<Int>]) -> [String] {
        commentRanges(in: range, outside: scalars).map(string)
    }

    /// Where the comments in a stretch stand, from `#` to the last character that is no white space.
    ///
    /// - Parameter scalars: Where texts stand, in ascending order; a `#` there starts no comment.
    func commentRanges(in range: Range<Int>, outside scalars: [Range<Int>]) -> [Range<Int>] {
        var comments: [Range<Int>] = []
        var offset = range.lowerBound
        var rest = scalars.drop { $0.upperBound <= offset }
        while offset < range.upperBound {
            if let scalar = rest.first, scalar.contains(offset) {
                offset = scalar.upperBound
            } else if bytes[offset] == UInt8(ascii: "#") {
                let end = lineEnd(offset)
                comments.append(offset..<((offset..<end).last { !isBlank($0) } ?? offset) + 1)
                offset = end
            } else {
                offset += 1
            }
            rest = rest.drop { $0.upperBound <= offset }
        }
        return comments
    }

    /// Whether there is a space or a tab.
    func isBlank(_ offset: Int) -> Bool { " \t".utf8.contains(bytes[offset]) }

    /// Whether a stretch has nothing but spaces and tabs.
    func isBlank(_ range: Range<Int>) -> Bool { range.allSatisfy(isBlank) }

    /// The offset of the first of the spaces and tabs that end at the offset.
    func startOfBlanks(before offset: Int) -> Int {
        bytes[..<offset].lastIndex { !" \t".utf8.contains($0) }.map { $0 + 1 } ?? 0
    }

    func isLineBreak(_ offset: Int) -> Bool { "\r\n".utf8.contains(bytes[offset]) }

    /// The white space with which the line of an offset begins.
    func indentation(at offset: Int) -> String {
        let start = previousLineStart(offset)
        return string(start..<((start..<bytes.count).first { !isBlank($0) } ?? bytes.count))
    }

    /// The offset of the first line at or behind the offset, a line's start, that has more than blanks.
    func skippingBlankLines(_ offset: Int) -> Int {
        var offset = offset
        while offset < bytes.count, bytes[offset..<lineEnd(offset)].allSatisfy({ $0 == UInt8(ascii: " ") }) {
            offset = nextLine(offset)
        }
        return offset
    }

    /// The offset behind the first of these characters in a stretch, those in comments not counted.
    func offset(behind character: Unicode.Scalar, in range: Range<Int>) -> Int? {
        var offset = range.lowerBound
        while offset < range.upperBound {
            if bytes[offset] == UInt8(ascii: "#") {
                offset = nextLine(offset)
            } else if bytes[offset] == UInt8(truncatingIfNeeded: character.value) {
                return offset + 1
            } else {
                offset += 1
            }
        }
        return nil
    }
}
