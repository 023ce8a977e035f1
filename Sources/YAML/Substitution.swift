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

    /// The stand-ins in UTF-8, four bytes each, in the order of `Hidden`.
    private let standIns: [[UInt8]]

    /// Chooses stand-ins for a text; nil if the text leaves none free.
    ///
    /// - Parameter bytes: Valid UTF-8.
    init?(for bytes: [UInt8]) {
        var used: Set<UInt32> = []
        for offset in bytes.indices where bytes[offset] >= 0xF0 {
            // The noncharacters of the planes from 1 on end like this.
            guard bytes[offset + 2] == 0xBF, bytes[offset + 3] >= 0xBE, bytes[offset + 1] & 0x0F == 0x0F else {
                continue
            }
            let head = UInt32(bytes[offset] & 0x07) << 18 | UInt32(bytes[offset + 1] & 0x3F) << 12
            used.insert(head | 0xFC0 | UInt32(bytes[offset + 3] & 0x3F))
        }
        let planes = (1...16).reversed().map { UInt32($0) << 16 }
        let free = planes.flatMap { [$0 | 0xFFFF, $0 | 0xFFFE] }.filter { !used.contains($0) }
            .compactMap { Unicode.Scalar($0) }
        guard free.count >= Hidden.allCases.count else { return nil }
        standIns = free.prefix(Hidden.allCases.count).map { Array(String($0).utf8) }
    }

    /// The text with the stand-ins in place.
    func hide(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count * 2)
        var offset = 0
        var copied = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            var hidden: (Hidden, length: Int)?
            if byte == UInt8(ascii: "\\") {
                // The character behind a backslash is escaped by it: it starts no escape of its own.
                guard Self.isSurrogatePair(bytes, at: offset) else {
                    offset += Self.escapes(bytes, at: offset) ? 2 : 1
                    continue
                }
                result += bytes[copied..<offset]
                for start in [offset, offset + 6] {
                    result += standIns[Hidden.backslash.rawValue]
                    result += bytes[start + 1..<start + 6]
                }
                offset += 12
                copied = offset
                continue
            } else if byte == 0xC2 || byte == 0xE2 {
                hidden = Self.lineSeparator(bytes, at: offset)
            }
            guard let (kind, length) = hidden else {
                offset += 1
                continue
            }
            result += bytes[copied..<offset]
            result += standIns[kind.rawValue]
            offset += length
            copied = offset
        }
        return result + bytes[copied...]
    }

    /// A scalar's text with the stand-ins undone.
    func restore(_ text: String, style: Node.Scalar.Style) -> String {
        guard text.utf8.contains(where: { $0 >= 0xF0 }) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var offset = 0
        while offset < bytes.count {
            guard bytes[offset] >= 0xF0, let hidden = hidden(in: bytes, at: offset) else {
                result.append(bytes[offset])
                offset += 1
                continue
            }
            if hidden == .backslash, style == .doubleQuoted, let pair = surrogatePair(bytes, at: offset) {
                result += String(pair).utf8
                offset += 2 * (4 + 5)
            } else {
                result += String(hidden.scalar).utf8
                offset += 4
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private func hidden(in bytes: [UInt8], at offset: Int) -> Hidden? {
        standIns.firstIndex { bytes[offset...].starts(with: $0) }.flatMap(Hidden.init)
    }

    /// Whether `\ud83d\ude00` or the like stands at the offset.
    static func isSurrogatePair(_ bytes: [UInt8], at offset: Int) -> Bool {
        guard offset + 12 <= bytes.count, bytes[offset + 1] == UInt8(ascii: "u"),
            bytes[offset + 6] == UInt8(ascii: "\\"), bytes[offset + 7] == UInt8(ascii: "u")
        else { return false }
        guard let high = codeUnit(bytes, at: offset + 2), let low = codeUnit(bytes, at: offset + 8) else {
            return false
        }
        return UTF16.isLeadSurrogate(high) && UTF16.isTrailSurrogate(low)
    }

    /// Whether the backslash at the offset escapes another.
    private static func escapes(_ bytes: [UInt8], at offset: Int) -> Bool {
        offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: "\\")
    }

    /// The number of the four hexadecimal digits at the offset.
    private static func codeUnit(_ bytes: [UInt8], at offset: Int) -> UInt16? {
        guard offset + 4 <= bytes.count else { return nil }
        var value: UInt16 = 0
        for byte in bytes[offset..<offset + 4] {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    private static func lineSeparator(_ bytes: [UInt8], at offset: Int) -> (Hidden, length: Int)? {
        guard offset + 1 < bytes.count else { return nil }
        if bytes[offset] == 0xC2 { return bytes[offset + 1] == 0x85 ? (.nextLine, 2) : nil }
        guard offset + 2 < bytes.count, bytes[offset + 1] == 0x80 else { return nil }
        switch bytes[offset + 2] {
        case 0xA8: return (.lineSeparator, 3)
        case 0xA9: return (.paragraphSeparator, 3)
        default: return nil
        }
    }

    /// The character of `•ud83d•ude00`, where • is the backslash's stand-in.
    private func surrogatePair(_ bytes: [UInt8], at offset: Int) -> Unicode.Scalar? {
        guard offset + 18 <= bytes.count, let high = Self.codeUnit(bytes, at: offset + 5),
            let low = Self.codeUnit(bytes, at: offset + 14)
        else { return nil }
        return String(decoding: [high, low], as: UTF16.self).unicodeScalars.first
    }
}
