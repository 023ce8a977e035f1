import Profiles

/// Finds what somebody may have meant who mistyped a word.
enum Suggestion {
    /// The candidate that is nearest to the word; nil if none is near enough to be meant.
    static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
        let limit = max(1, word.count * 2 / 5)
        return
            candidates
            .map { (candidate: $0, distance: Spelling.distance(word.lowercased(), $0.lowercased())) }
            .filter { $0.distance <= limit }
            .min { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }?
            .candidate
    }
}
