/// What has to be known of a text before libyaml sees it.
///
/// One pass over the bytes. Whatever it refuses libyaml would refuse too, or pay dearly for, but with a worse
/// place: libyaml's reader errors have no line.
struct SourceScan: ~Copyable {
    /// The bytes of a byte order mark, which libyaml does not see.
    let startOfText: Int
    /// Where libyaml shall begin to read: behind comments, too.
    private(set) var startOfContent = SourcePosition.start
    /// Whether the text holds what libyaml understands otherwise than YAML 1.2 or JSON; see ``Substitution``.
    private(set) var needsSubstitution = false
    /// Whether every character is a byte, a byte order mark aside.
    private(set) var isASCII = true
    /// Whether there is a '%', with which directives begin.
    private var hasPercent = false
    private var marks = MarkRun()
    /// Behind the last character outside ASCII.
    private var endOfScalar = 0
    let bytes: [UInt8]

    /// Looks through the text.
    ///
    /// - Throws: ``YAMLError`` `.tooLarge`, `.notUTF8`, `.controlCharacter`, `.tooManyMarks` or `.directive`.
    init(_ bytes: [UInt8]) throws(YAMLError) {
        self.bytes = bytes
        startOfText = Self.startOfText(bytes)
        guard bytes.count <= Limits.bytes else {
            throw YAMLError(
                .tooLarge,
                "the file has more than \(Limits.bytes) bytes",
                at: SourceRange(.start, .start)
            )
        }
        try refuseOtherEncodings()
        try checkCharacters()
        if hasPercent { try checkDirectives() }
        startOfContent = endOfComments
    }

    /// The offset behind a byte order mark.
    static func startOfText(_ bytes: [UInt8]) -> Int {
        bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
    }

    private func refuseOtherEncodings() throws(YAMLError) {
        let encoding: String
        switch (bytes.first, bytes.dropFirst().first) {
        case (0xFF, 0xFE): encoding = bytes.dropFirst(2).starts(with: [0, 0]) ? "UTF-32" : "UTF-16"
        case (0xFE, 0xFF): encoding = "UTF-16"
        case (0, 0) where bytes.dropFirst(2).starts(with: [0xFE, 0xFF]): encoding = "UTF-32"
        default: return
        }
        throw YAMLError(.notUTF8, "the file is encoded in \(encoding)", at: SourceRange(.start, .start))
    }

    private mutating func checkCharacters() throws(YAMLError) {
        var offset = startOfText
        while true {
            offset = unsafe bytes.withUnsafeBufferPointer { unsafe Self.endOfPlainText(from: offset, in: $0) }
            guard offset < bytes.count else { return }
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\\") {
                if Substitution.isSurrogatePair(in: bytes[...], at: offset) { needsSubstitution = true }
                offset += 1
            } else if byte == UInt8(ascii: "%") {
                hasPercent = true
                offset += 1
            } else if byte < 0x80 {
                throw refusal(of: Unicode.Scalar(byte), at: offset, length: 1)
            } else {
                offset += try checkScalar(at: offset)
            }
        }
    }

    /// Behind the comments with which the text begins, such as the one that names the schema. libyaml would look at each
    /// of their characters several times.
    private var endOfComments: SourcePosition {
        let text = bytes.span
        var (start, line) = (startOfText, 1)
        while start < text.count, text[start] == UInt8(ascii: "#") {
            var end = start
            while end < text.count, text[end] &- 0x20 < 0x5F { end &+= 1 }
            // A comment with other characters, or another line break, is left to libyaml.
            guard end < text.count, text[end] == UInt8(ascii: "\n") else { break }
            start = end + 1
            line += 1
        }
        return SourcePosition(offset: start, line: line, column: 1)
    }

    /// The offset of the first byte that is neither printable ASCII nor a tab or a line break, or is a backslash or
    /// a percent sign.
    private static func endOfPlainText(from start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var offset = start
        while offset + blockSize <= bytes.count, unsafe isPlainBlock(at: offset, in: bytes) {
            offset += blockSize
        }
        // What is left is looked at together with the text before it.
        let last = bytes.count - blockSize
        if offset > last, last >= 0, unsafe isPlainBlock(at: last, in: bytes) { return bytes.count }
        while offset < bytes.count, unsafe oddness(of: bytes[offset]) == 0 { offset += 1 }
        return offset
    }

    private static let blockSize = 32

    /// Whether a block has nothing but plain text. Without branches, so that the processor looks at many bytes at once.
    private static func isPlainBlock(at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var oddness: UInt8 = 0
        for index in 0..<blockSize { unsafe oddness |= Self.oddness(of: bytes[offset &+ index]) }
        return oddness == 0
    }

    /// 0 for a byte of plain text.
    private static func oddness(of byte: UInt8) -> UInt8 {
        let isPrintable: UInt8 = byte &- 0x20 < 0x5F ? 1 : 0
        let isBlank: UInt8 = (byte == 0x0A ? 1 : 0) | (byte == 0x0D ? 1 : 0) | (byte == 0x09 ? 1 : 0)
        let isSpecial: UInt8 = (byte == UInt8(ascii: "\\") ? 1 : 0) | (byte == UInt8(ascii: "%") ? 1 : 0)
        return (isPrintable | isBlank) ^ 1 | isSpecial
    }

    /// Checks the scalar outside ASCII that starts at the offset.
    ///
    /// - Returns: Its length in bytes.
    private mutating func checkScalar(at offset: Int) throws(YAMLError) -> Int {
        isASCII = false
        guard let (scalar, length) = decodeScalar(at: offset) else {
            let start = position(at: offset)
            let end = SourcePosition(offset: offset + 1, line: start.line, column: start.column + 1)
            let byte = String(bytes[offset], radix: 16, uppercase: true)
            throw YAMLError(
                .notUTF8,
                "byte 0x\(byte) at offset \(offset) is not UTF-8",
                at: SourceRange(start, end)
            )
        }
        switch scalar.value {
        case 0x85, 0x2028, 0x2029: needsSubstitution = true
        case 0x80...0x9F, 0xFEFF, 0xFFFE, 0xFFFF: throw refusal(of: scalar, at: offset, length: length)
        default: break
        }
        if offset != endOfScalar { marks = MarkRun() }
        endOfScalar = offset + length
        guard !marks.isTooLong(with: scalar) else {
            let start = position(at: offset)
            let end = SourcePosition(offset: endOfScalar, line: start.line, column: start.column + 1)
            throw MarkRun.error(at: SourceRange(start, end))
        }
        return length
    }

    /// The scalar outside ASCII whose lead byte is at the offset; nil if it is no shortest-form UTF-8.
    private func decodeScalar(at offset: Int) -> (Unicode.Scalar, length: Int)? {
        let lead = bytes[offset]
        let (length, smallest): (Int, UInt32)
        switch lead {
        case 0xC2...0xDF: (length, smallest) = (2, 0x80)
        case 0xE0...0xEF: (length, smallest) = (3, 0x800)
        case 0xF0...0xF4: (length, smallest) = (4, 0x10000)
        default: return nil
        }
        guard offset + length <= bytes.count else { return nil }
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for index in offset + 1..<offset + length {
            guard bytes[index] & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(bytes[index] & 0x3F)
        }
        guard value >= smallest, let scalar = Unicode.Scalar(value) else { return nil }
        return (scalar, length)
    }

    private func refusal(of scalar: Unicode.Scalar, at offset: Int, length: Int) -> YAMLError {
        let start = position(at: offset)
        let end = SourcePosition(offset: offset + length, line: start.line, column: start.column + 1)
        let range = SourceRange(start, end)
        guard scalar.value == 0 else {
            return YAMLError(.controlCharacter, "the character \(scalar.number) is not allowed in YAML", at: range)
        }
        return YAMLError(
            .controlCharacter,
            "a NUL character (\(scalar.number)); is the file saved as UTF-16?",
            at: range,
            help: "save the file as UTF-8, or remove the character"
        )
    }

    /// Refuses every directive but one `%YAML 1.1` or `%YAML 1.2`.
    ///
    /// libyaml compares each `%TAG` with all before it, so a megabyte of them would take seconds.
    private func checkDirectives() throws(YAMLError) {
        var offset = startOfText
        var hasVersion = false
        while offset < bytes.count {
            let end = bytes[offset...].firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
            let line = bytes[offset..<(end ?? bytes.count)]
            let content = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            let isDirective = line.first == UInt8(ascii: "%")
            guard isDirective || content.isEmpty || content.first == UInt8(ascii: "#") else { return }
            if isDirective {
                try checkDirective(line, isFirst: !hasVersion)
                hasVersion = true
            }
            offset = line.endIndex + 1
        }
    }

    private func checkDirective(_ line: ArraySlice<UInt8>, isFirst: Bool) throws(YAMLError) {
        // A line of a megabyte is no better understood by its end.
        let text = String(decoding: line.prefix(80), as: UTF8.self)
        let words = text.split { $0 == " " || $0 == "\t" }
        let isVersion = words.first == "%YAML" && words.count > 1 && (words.count == 2 || words[2].hasPrefix("#"))
        if isVersion, isFirst, words[1] == "1.1" || words[1] == "1.2" { return }
        var cursor = PositionCursor(bytes)
        let start = cursor.advance(toOffset: line.startIndex)
        let message: String
        if !isVersion {
            message = "the directive '\(words.first ?? "%")' is not accepted"
        } else {
            message = isFirst ? "YAML \(words[1]) is not understood" : "a second %YAML directive"
        }
        throw YAMLError(.directive, message, at: SourceRange(start, cursor.advanceToEndOfLine()))
    }

    private func position(at offset: Int) -> SourcePosition {
        var cursor = PositionCursor(bytes)
        return cursor.advance(toOffset: offset)
    }
}
