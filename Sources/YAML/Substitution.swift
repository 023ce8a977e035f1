/// Hides from libyaml what it understands otherwise than YAML 1.2 and JSON do, and puts it back into the texts.
///
/// libyaml breaks lines at NEL, LS and PS, as YAML 1.1 did, and refuses JSON's `\ud83d\ude00` for a character
/// outside the basic plane. Each of these characters, and each backslash of such a pair, is replaced by a
/// noncharacter that the text does not use, one scalar for one scalar, so that libyaml's marks stay true.
struct Substitution {
    private enum Hidden: Int, CaseIterable {
        case nextLine, lineSeparator, paragraphSeparator, backslash

        var scalar: Unicode.Scalar {
            switch self {
            case .nextLine: "\u{85}"
            case .lineSeparator: "\u{2028}"
            case .paragraphSeparator: "\u{2029}"
            case .backslash: "\\"
            }
        }
    }

    /// The stand-ins, in the order of `Hidden`.
    private let standIns: [Unicode.Scalar]

    /// Chooses stand-ins for a text; nil if the text leaves none free.
    ///
    /// - Parameter bytes: Valid UTF-8.
    init?(for bytes: [UInt8]) {
        let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
        let used = Set(scalars.lazy.filter { $0.value & 0xFFFE == 0xFFFE })
        let planes = (1...16).reversed().map { UInt32($0) << 16 }
        let noncharacters = planes.flatMap { [$0 | 0xFFFF, $0 | 0xFFFE] }.compactMap { Unicode.Scalar($0) }
        let free = noncharacters.filter { !used.contains($0) }
        guard free.count >= Hidden.allCases.count else { return nil }
        standIns = Array(free.prefix(Hidden.allCases.count))
    }

    /// The text with the stand-ins in place.
    func hide(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 8)
        var offset = 0
        var backslashes = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            // An escaped backslash starts no escape.
            if byte == UInt8(ascii: "\\"), backslashes % 2 == 0, Self.isSurrogatePair(bytes, at: offset) {
                append(.backslash, to: &result)
                result += bytes[offset + 1..<offset + 6]
                append(.backslash, to: &result)
                result += bytes[offset + 7..<offset + 12]
                offset += 12
                continue
            }
            backslashes = byte == UInt8(ascii: "\\") ? backslashes + 1 : 0
            if let (hidden, length) = Self.lineSeparator(bytes, at: offset) {
                append(hidden, to: &result)
                offset += length
            } else {
                result.append(byte)
                offset += 1
            }
        }
        return result
    }

    /// A scalar's text with the stand-ins undone.
    func restore(_ text: String, style: Node.Scalar.Style) -> String {
        guard text.unicodeScalars.contains(where: { standIns.contains($0) }) else { return text }
        var result = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count {
            let hidden = standIns.firstIndex(of: scalars[index]).flatMap(Hidden.init)
            if hidden == .backslash, style == .doubleQuoted, let pair = surrogatePair(scalars[index...].prefix(12)) {
                result.append(pair)
                index += 12
            } else {
                result.append(hidden?.scalar ?? scalars[index])
                index += 1
            }
        }
        return String(result)
    }

    /// Whether `\ud83d\ude00` or the like stands at the offset.
    static func isSurrogatePair(_ bytes: [UInt8], at offset: Int) -> Bool {
        guard offset + 12 <= bytes.count, bytes[offset + 1] == UInt8(ascii: "u"),
            bytes[offset + 6] == UInt8(ascii: "\\"), bytes[offset + 7] == UInt8(ascii: "u")
        else { return false }
        guard let high = codeUnit(bytes[offset + 2..<offset + 6]), let low = codeUnit(bytes[offset + 8..<offset + 12])
        else { return false }
        return UTF16.isLeadSurrogate(high) && UTF16.isTrailSurrogate(low)
    }

    private static func codeUnit(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }) else { return nil }
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private static func lineSeparator(_ bytes: [UInt8], at offset: Int) -> (Hidden, length: Int)? {
        if bytes[offset...].starts(with: [0xC2, 0x85]) { return (.nextLine, 2) }
        if bytes[offset...].starts(with: [0xE2, 0x80, 0xA8]) { return (.lineSeparator, 3) }
        if bytes[offset...].starts(with: [0xE2, 0x80, 0xA9]) { return (.paragraphSeparator, 3) }
        return nil
    }

    private func append(_ hidden: Hidden, to bytes: inout [UInt8]) {
        bytes += UTF8.encode(standIns[hidden.rawValue]).map(Array.init) ?? []
    }

    /// The character of `•ud83d•ude00`, where • is the backslash's stand-in.
    private func surrogatePair(_ scalars: ArraySlice<Unicode.Scalar>) -> Unicode.Scalar? {
        let units = scalars.split(separator: standIns[Hidden.backslash.rawValue]).compactMap { part in
            UInt16(String(String.UnicodeScalarView(part.dropFirst())), radix: 16)
        }
        guard units.count == 2 else { return nil }
        return String(decoding: units, as: UTF16.self).unicodeScalars.first
    }
}
