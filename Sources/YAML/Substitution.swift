/// Hides from libyaml what it understands otherwise than YAML 1.2 and JSON do, and puts it back into the texts.
///
/// libyaml breaks lines at NEL, LS and PS, as YAML 1.1 did, and refuses JSON's `\ud83d\ude00` for a character
/// outside the basic plane. Each of these characters, and each backslash of such a pair, is replaced by a
/// character that the text does not use, one scalar for one scalar, so that libyaml's marks stay true.
struct Substitution {
    /// What is hidden, in UTF-8.
    private static let hidden: [[UInt8]] = [[0xC2, 0x85], [0xE2, 0x80, 0xA8], [0xE2, 0x80, 0xA9], Array("\\".utf8)]
    private static let backslash = 3
    private static let lastScalar: UInt32 = 0x10_FFFF
    /// `•ud83d•ude00`, where • is the backslash's stand-in.
    private static let hiddenPairLength = 18

    /// The stand-ins, in the order of what they hide. In UTF-8 each has four bytes.
    private let standIns: [Unicode.Scalar]

    /// Chooses stand-ins for a text.
    ///
    /// - Parameter bytes: Valid UTF-8.
    init(for bytes: [UInt8]) {
        // Of so many characters, counted from the last one down, as many as are needed are not in the text.
        let used = Self.candidates(in: bytes)
        let count = used.count + Self.hidden.count
        var isUsed = [Bool](repeating: false, count: count)
        for scalar in used {
            let place = Int(Self.lastScalar - scalar)
            if place < count { isUsed[place] = true }
        }
        let free = isUsed.indices.lazy.filter { [isUsed] place in !isUsed[place] }
        standIns = Array(free.compactMap { Unicode.Scalar(Self.lastScalar - UInt32($0)) }.prefix(Self.hidden.count))
    }

    /// The characters beyond the basic plane that a text's scalars can hold, as they are or escaped, each as often as
    /// it is written. Escaped surrogate pairs are not among them: those are hidden themselves.
    private static func candidates(in bytes: [UInt8]) -> [UInt32] {
        var scalars: [UInt32] = []
        for offset in bytes.indices {
            if bytes[offset] >= 0xF0 {
                scalars.append(fourByteScalar(bytes, at: offset))
            } else if bytes[offset] == UInt8(ascii: "\\"), let scalar = longEscape(bytes[...], at: offset) {
                scalars.append(scalar)
            }
        }
        return scalars
    }

    /// The text with the stand-ins in place.
    func hide(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let standIns = standIns.map { Array(String($0).utf8) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count * 2)
        var offset = bytes.startIndex
        while offset < bytes.endIndex {
            switch bytes[offset] {
            case UInt8(ascii: "\\") where Self.isSurrogatePair(in: bytes, at: offset):
                for backslash in [offset, offset + 6] {
                    result.append(contentsOf: standIns[Self.backslash])
                    for index in backslash + 1..<backslash + 6 { result.append(bytes[index]) }
                }
                offset += 12
            case UInt8(ascii: "\\") where offset + 1 < bytes.endIndex && bytes[offset + 1] == UInt8(ascii: "\\"):
                // The second one is escaped by the first: it starts no escape of its own.
                result.append(bytes[offset])
                result.append(bytes[offset])
                offset += 2
            case 0xC2 where bytes[offset + 1] == 0x85:
                result.append(contentsOf: standIns[0])
                offset += 2
            case 0xE2 where bytes[offset + 1] == 0x80 && bytes[offset + 2] & 0xFE == 0xA8:
                result.append(contentsOf: standIns[bytes[offset + 2] == 0xA8 ? 1 : 2])
                offset += 3
            default:
                result.append(bytes[offset])
                offset += 1
            }
        }
        return result[...]
    }

    /// Undoes the stand-ins in a scalar's text, which is never longer without them.
    ///
    /// - Parameters:
    ///   - texts: Ends with the text.
    ///   - start: Where the text begins.
    func restore(_ texts: inout [UInt8], from start: Int, style: Node.Scalar.Style) {
        guard var read = texts[start...].firstIndex(where: { $0 >= 0xF0 }) else { return }
        var written = read
        func write(_ bytes: some Collection<UInt8>) {
            for byte in bytes {
                texts[written] = byte
                written += 1
            }
        }
        while read < texts.count {
            guard texts[read] >= 0xF0, let kind = kind(hiddenAt: read, in: texts) else {
                texts[written] = texts[read]
                read += 1
                written += 1
                continue
            }
            if kind == Self.backslash, style == .doubleQuoted,
                let pair = Self.surrogatePair(texts[...], at: read, backslashLength: 4)
            {
                write(String(pair).utf8)
                read += Self.hiddenPairLength
            } else {
                write(Self.hidden[kind])
                read += 4
            }
        }
        texts.removeLast(texts.count - written)
    }

    private func kind(hiddenAt offset: Int, in bytes: [UInt8]) -> Int? {
        let value = Self.fourByteScalar(bytes, at: offset)
        return standIns.firstIndex { $0.value == value }
    }

    private static func fourByteScalar(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        UInt32(bytes[offset] & 0x07) << 18 | UInt32(bytes[offset + 1] & 0x3F) << 12
            | UInt32(bytes[offset + 2] & 0x3F) << 6 | UInt32(bytes[offset + 3] & 0x3F)
    }

    /// The character of an escape like `\U0010FFFF` at the offset; nil if there is none.
    private static func longEscape(_ bytes: ArraySlice<UInt8>, at offset: Int) -> UInt32? {
        guard offset + 10 <= bytes.endIndex, bytes[offset + 1] == UInt8(ascii: "U"),
            let high = codeUnit(bytes, at: offset + 2), let low = codeUnit(bytes, at: offset + 6)
        else { return nil }
        let value = UInt32(high) << 16 | UInt32(low)
        return value <= lastScalar ? value : nil
    }

    /// Whether `\ud83d\ude00` or the like stands at the offset.
    static func isSurrogatePair(in bytes: ArraySlice<UInt8>, at offset: Int) -> Bool {
        surrogatePair(bytes, at: offset, backslashLength: 1) != nil
    }

    /// The character of an escaped pair at the offset; nil if there is none.
    ///
    /// - Parameter length: The bytes of what stands for each backslash.
    private static func surrogatePair(
        _ bytes: ArraySlice<UInt8>,
        at offset: Int,
        backslashLength length: Int
    ) -> Unicode.Scalar? {
        guard offset + 2 * (length + 5) <= bytes.endIndex, bytes[offset + length] == UInt8(ascii: "u"),
            bytes[offset + length + 5] == bytes[offset], bytes[offset + 2 * length + 5] == UInt8(ascii: "u"),
            let high = codeUnit(bytes, at: offset + length + 1), UTF16.isLeadSurrogate(high),
            let low = codeUnit(bytes, at: offset + 2 * length + 6), UTF16.isTrailSurrogate(low)
        else { return nil }
        return Unicode.Scalar(0x1_0000 + (UInt32(high) & 0x3FF) << 10 | UInt32(low) & 0x3FF)
    }

    /// The number of the four hexadecimal digits at the offset.
    private static func codeUnit(_ bytes: ArraySlice<UInt8>, at offset: Int) -> UInt16? {
        var value: UInt16 = 0
        for index in offset..<offset + 4 {
            let byte = bytes[index]
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
}
