/// Guesses what somebody meant to write.
package enum Spelling {
    /// The greatest length of a word to think about, in bytes: a file's key may have a megabyte.
    static let longestWord = 64

    /// The candidate nearest to the word, without regard to case; nil if none is near enough to be meant.
    package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        guard word.utf8.count <= longestWord else { return nil }
        let folded = fold(word)
        let tolerance = max(1, folded.count / 3)
        return candidates.filter { abs($0.utf8.count - word.utf8.count) <= longestWord }
            .map { (distance: distance(folded, fold($0)), candidate: $0) }
            .filter { $0.distance <= tolerance }
            .min { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }?
            .candidate
    }

    /// What stands in a text where a ':' should, as in `316 = 45`, `316 -> 45`; nil if it has nothing of that kind.
    static func wrongSeparator(in text: String) -> String? {
        // The beginning tells enough of a megabyte.
        let start = String(text.unicodeScalars.prefix(200))
        return ["=>", "->", "→", "：", "="].first(where: start.contains)
    }

    private static func fold(_ word: String) -> String { word.lowercased().replacing("-", with: "_") }

    /// The least number of letters to add, drop, change or swap with their neighbour.
    private static func distance(_ first: String, _ second: String) -> Int {
        let (first, second) = (Array(first.unicodeScalars), Array(second.unicodeScalars))
        var twoBack: [Int] = []
        var previous = Array(0...second.count)
        for row in first.indices {
            var current = [row + 1]
            for column in second.indices {
                let isSame = first[row] == second[column]
                var best = min(previous[column + 1] + 1, current[column] + 1, previous[column] + (isSame ? 0 : 1))
                if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
                    best = min(best, twoBack[column - 1] + 1)
                }
                current.append(best)
            }
            (twoBack, previous) = (previous, current)
        }
        return previous[second.count]
    }
}
