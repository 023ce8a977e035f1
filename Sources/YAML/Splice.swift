/// An edit of a text: some bytes make way for others. All other bytes stay as they are.
package struct Splice: Hashable, Sendable {
    /// The bytes that go, as offsets into the text before all edits; empty for an insertion.
    package var range: Range<Int>
    /// The bytes that come.
    package var replacement: [UInt8]

    package init(_ range: Range<Int>, with replacement: String) {
        self.range = range
        self.replacement = Array(replacement.utf8)
    }

    /// Inserts without removing.
    package static func insertion(of text: String, at offset: Int) -> Splice {
        Splice(offset..<offset, with: text)
    }

    /// Makes all edits.
    ///
    /// - Parameter splices: In any order; insertions at one place are made in the order given.
    /// - Returns: nil if two of them remove the same byte or one reaches past the text.
    package static func apply(_ splices: [Splice], to bytes: [UInt8]) -> [UInt8]? {
        let ordered = splices.enumerated().sorted {
            let (left, right) = ($0.element.range, $1.element.range)
            return (left.lowerBound, left.isEmpty ? 0 : 1, $0.offset)
                < (right.lowerBound, right.isEmpty ? 0 : 1, $1.offset)
        }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + splices.reduce(0) { $0 + $1.replacement.count })
        var position = 0
        for (_, splice) in ordered {
            guard splice.range.lowerBound >= position, splice.range.upperBound <= bytes.count else { return nil }
            result += bytes[position..<splice.range.lowerBound]
            result += splice.replacement
            position = splice.range.upperBound
        }
        return result + bytes[position...]
    }
}
