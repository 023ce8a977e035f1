/// Colons that are missing, and colons too many.
extension SyntaxFault {
    /// A line that should be an entry, but has no key that a ':' ends.
    func missingColon(at start: Place) -> YAMLError {
        let offset = start.start.offset
        let text = bytes[start.restOfLine.bytes]
        if text.startsForeignComment { return foreignComment(at: start) }
        if let loose = looseValue(at: start) { return loose }
        if let colon = colonWithoutSpace(from: offset) { return colon }
        if let wide = text.firstOffset(of: Array("\u{FF1A}".utf8)) {
            return fault(
                "this is a wide colon (U+FF1A), which ends no key",
                at: Place(offset: wide, in: bytes).character,
                help: "write ':' and a space"
            )
        }
        if let sign = text.firstIndex(of: UInt8(ascii: "=")) {
            return fault(
                "a key is followed by ':', not by '='",
                at: Place(offset: sign, in: bytes).character,
                help: "write ':' and a space in place of the '='"
            )
        }
        let valueAbove = TextLine(at: offset, in: bytes).above?.firstWordOfValue
        let mayBelongAbove = valueAbove.map { !$0.looksLikeNumber } ?? false
        return fault(
            "missing ':' after this key",
            at: start.restOfLine,
            help: "write the line as 'key: value'"
                + (mayBelongAbove ? ", or indent it if it belongs to the text above" : "")
        )
    }

    /// What belongs to the key above, but is not indented: the lines of a block of text, or a mapping in braces.
    private func looseValue(at start: Place) -> YAMLError? {
        let line = TextLine(at: start.start.offset, in: bytes)
        guard let above = line.above, above.indentation >= line.indentation else { return nil }
        if let header = above.firstWordOfValue?.first, "|>".utf8.contains(header) {
            return fault("this text is not indented", at: start.restOfLine, help: "indent the lines of the text")
        }
        guard start.scalar == "{", above.colon != nil, !above.hasValue else { return nil }
        return fault("this '{' is not indented", at: start.character, help: "indent it further than the key above it")
    }

    func foreignComment(at start: Place) -> YAMLError {
        fault("this is no comment", at: start.restOfLine, help: "start comments with '#'")
    }

    /// The ':' of a key such as `layer:15`, which is none without a space, and makes what follows it an error.
    private func colonWithoutSpace(from start: Int) -> YAMLError? {
        let word = bytes[start...].prefix { !" \t\r\n#\"'".utf8.contains($0) }
        guard let colon = word.firstIndex(of: UInt8(ascii: ":")), colon > start, colon + 1 < word.endIndex else {
            return nil
        }
        let range = Place(offset: colon, in: bytes).character
        if let space = Place(offset: colon + 1, in: bytes).scalar, space.isSpaceInText {
            return fault(
                "the space behind this ':' is \(space.numberAndName), which YAML takes for text",
                at: range,
                help: "write a common space"
            )
        }
        return fault("a space is missing behind this ':'", at: range, help: "write the line as 'key: value'")
    }

    /// A ':' where no key can end.
    var strayColon: YAMLError {
        let line = TextLine(at: place.start.offset, in: bytes)
        if let first = line.colon, first < place.start.offset { return colonInText(behind: first) }
        let marked = line.text.dropFirst(3)
        if line.indentation == 0, line.text.starts(with: "---".utf8), marked.first.map(TextLine.isBlank) ?? false {
            let key = marked.drop(while: TextLine.isBlank).startIndex
            return fault(
                "a key cannot stand on the line of '---'",
                at: Place(offset: key, in: bytes).word(upTo: place.start.offset, in: bytes),
                help: "begin the mapping on the next line"
            )
        }
        if let quote = smartQuote(at: line.ink ?? place.start.offset) { return quote }
        guard let above = line.above, let ink = line.ink else { return generalStrayColon }
        // The text that cannot be a key may have begun on any line above.
        var top = above
        while top.colon == nil, let next = top.above, next.colon == nil { top = next }
        let value = top.colon == nil ? top.above : top
        if let value, value.hasValue, (top.colon == nil ? top : line).indentation > value.indentation {
            return fault(
                "this line is indented further than the key above it, which has a value already",
                at: Place(offset: ink, in: bytes).word(upTo: place.start.offset, in: bytes),
                help: "give both the same indentation; text of several lines that has a ':' needs quotes"
            )
        }
        guard top.colon == nil, let start = top.ink else { return generalStrayColon }
        return missingColon(at: Place(offset: start, in: bytes))
    }

    private var generalStrayColon: YAMLError {
        fault(
            "this ':' cannot stand here",
            at: place.character,
            help: "put the text in quotes, or begin a mapping on the line below its key"
        )
    }

    /// A second ':' on the line, in what is the value of the first.
    private func colonInText(behind first: Int) -> YAMLError {
        let value = bytes[(first + 1)...].firstIndex { !TextLine.isBlank($0) } ?? first
        return smartQuote(at: value) ?? secondEntry(from: value) ?? generalStrayColon
    }

    /// An entry that follows another on its line, or stands on the line of the key whose mapping it belongs in.
    private func secondEntry(from value: Int) -> YAMLError? {
        let words = bytes[value..<place.start.offset].split { TextLine.isBlank($0) || $0 == UInt8(ascii: ",") }
        guard let key = words.last else { return nil }
        let isBehindComma = bytes[value..<key.startIndex].last { !TextLine.isBlank($0) } == UInt8(ascii: ",")
        let isBehindNumber = words.count == 2 && words[0].looksLikeNumber
        let next = bytes[(place.start.offset + 1)...].drop(while: TextLine.isBlank)
        let isFeature =
            key.allSatisfy { "0123456789".utf8.contains($0) }
            && next.prefix { !" \t\r\n,".utf8.contains($0) }.looksLikeNumber
        guard isBehindComma || isBehindNumber || words.count == 1 && isFeature else { return nil }
        let help =
            words.count == 1
            ? "write one entry a line, indented, below the key" : "write one entry a line"
        return fault(
            "this ':' cannot stand here",
            at: place.character,
            help: isFeature ? help : help + ", or put the text in quotes"
        )
    }

    /// A quote as printers set it, which does not quote here.
    private func smartQuote(at offset: Int) -> YAMLError? {
        let place = Place(offset: offset, in: bytes)
        guard let quote = place.scalar, "“”„‟‘’‚‛«»＂＇".unicodeScalars.contains(quote) else { return nil }
        return fault("'\(quote)' does not quote", at: place.character, help: #"use straight quotes: " or '"#)
    }
}

extension ArraySlice<UInt8> {
    fileprivate func firstOffset(of word: [UInt8]) -> Int? {
        indices.first { self[$0] == word[0] && self[$0...].starts(with: word) }
    }
}
