/// Counts the combining marks that follow one another.
///
/// Who compares texts puts such marks in order before, which takes the square of their number. In stream-safe text
/// (Unicode Standard Annex 15) there are no more than 30.
package struct MarkRun {
    private var count = 0

    package init() {}

    /// Takes the next character of a text.
    ///
    /// - Returns: Whether there are more than ``Limits/marks`` by now.
    package mutating func isTooLong(with scalar: Unicode.Scalar) -> Bool {
        let isMark = scalar.value >= 0x300 && scalar.properties.canonicalCombiningClass != .notReordered
        count = isMark ? count + 1 : 0
        return count > Limits.marks
    }

    /// What is wrong with a text that has them.
    package static let message = "more than \(Limits.marks) combining marks in a row"

    static func error(at range: SourceRange) -> YAMLError { YAMLError(.tooManyMarks, message, at: range) }
}
