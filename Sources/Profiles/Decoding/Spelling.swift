/// Guesses what somebody meant to write.
package enum Spelling {
    /// The candidate nearest to the word; nil if none is near enough to be meant.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        guard word.utf8.count <= 64 else { return nil }
        let folded = word.lowercased().replacing("-", with: "_")
        let tolerance = max(1, folded.count / 3)
        let ranked = candidates.map { (candidate: $0, distance: distance(folded, $0)) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= tolerance else { return nil }
        return best.candidate
    }

    /// The least number of letters to add, drop, change or swap with their neighbour.
    package static func distance(_ first: String, _ second: String) -> Int {
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
