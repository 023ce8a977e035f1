/// A line of a text, without its line break.
struct TextLine {
    private let bytes: [UInt8]
    private let range: Range<Int>

    /// The line that an offset is on.
    init(at offset: Int, in bytes: [UInt8]) {
        self.bytes = bytes
        let start = bytes[..<offset].lastIndex(where: Self.isLineBreak).map { $0 + 1 } ?? SourceScan.startOfText(bytes)
        range = start..<max(start, bytes[offset...].firstIndex(where: Self.isLineBreak) ?? bytes.count)
    }

    /// The offset of the first character that is no blank; nil in an empty line.
    var ink: Int? { range.first { !Self.isBlank(bytes[$0]) } }

    /// How many blanks it begins with.
    var indentation: Int { (ink ?? range.upperBound) - range.lowerBound }

    /// What it says, blanks at both ends aside.
    var text: ArraySlice<UInt8> {
        guard let ink, let last = range.last(where: { !Self.isBlank(bytes[$0]) }) else { return [] }
        return bytes[ink...last]
    }

    /// Whether it says something, and not only in a comment.
    var hasContent: Bool { ink.map { bytes[$0] != UInt8(ascii: "#") } ?? false }

    /// The offset of the first ':' that ends a key, with a blank or nothing behind it.
    var colon: Int? {
        range.first { offset in
            bytes[offset] == UInt8(ascii: ":") && (offset + 1 == range.upperBound || Self.isBlank(bytes[offset + 1]))
        }
    }

    /// Whether a key stands on the line with a value behind it.
    var hasValue: Bool {
        guard let colon, let value = bytes[(colon + 1)..<range.upperBound].first(where: { !Self.isBlank($0) }) else {
            return false
        }
        return value != UInt8(ascii: "#")
    }

    /// The next line above that says something; nil if there is none.
    var above: TextLine? {
        var line = self
        while line.range.lowerBound > SourceScan.startOfText(bytes) {
            let end = line.range.lowerBound - 1
            let isPair = bytes[end] == UInt8(ascii: "\n") && end > 0 && bytes[end - 1] == UInt8(ascii: "\r")
            line = TextLine(at: isPair ? end - 1 : end, in: bytes)
            if line.hasContent { return line }
        }
        return nil
    }

    /// The first word behind the first ':', which may be a comment; nil without such a ':'.
    var firstWordOfValue: ArraySlice<UInt8>? {
        colon.map { colon in
            bytes[(colon + 1)..<range.upperBound].drop(while: Self.isBlank).prefix { !Self.isBlank($0) }
        }
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    static func isLineBreak(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
}

extension ArraySlice<UInt8> {
    /// Whether there is nothing but what numbers are written with, a digit first behind the sign or point.
    var looksLikeNumber: Bool {
        guard let first = first(where: { !"+-.".utf8.contains($0) }), "0123456789".utf8.contains(first) else {
            return false
        }
        return allSatisfy { "0123456789+-.eE".utf8.contains($0) }
    }

    /// Whether a comment begins there in other languages.
    var startsForeignComment: Bool { starts(with: "//".utf8) || starts(with: "/*".utf8) }
}
