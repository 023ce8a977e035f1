/// The lines of a file, as editors count them.
final class SourceLines {
    private let bytes: [UInt8]
    /// The line that was asked for last: the findings about a long one ask for it again and again.
    private var last: (number: Int, line: [Unicode.Scalar])?
    /// The offset of each line's first byte.
    private let starts: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
        for (offset, byte) in bytes.enumerated() {
            let isCarriageReturn = byte == UInt8(ascii: "\r")
            let isPair = isCarriageReturn && offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: "\n")
            if byte == UInt8(ascii: "\n") || isCarriageReturn && !isPair { starts.append(offset + 1) }
        }
        self.starts = starts
    }

    /// A line without its line break; nil if there is none of that number.
    ///
    /// - Parameter number: From 1.
    func line(_ number: Int) -> [Unicode.Scalar]? {
        if let last, last.number == number { return last.line }
        guard starts.indices.contains(number - 1) else { return nil }
        let end = number < starts.count ? starts[number] : bytes.count
        let line = bytes[starts[number - 1]..<end].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        let scalars = Array(String(decoding: line, as: UTF8.self).unicodeScalars)
        last = (number, scalars)
        return scalars
    }
}
