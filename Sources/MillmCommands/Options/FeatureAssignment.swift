import ArgumentParser
import Profiles

/// `INDEX=STRENGTH` on the command line.
struct FeatureAssignment: Hashable, Sendable {
    let index: Int
    /// Finite; its bounds are the repository's to check.
    let strength: Double

    /// - Throws: ``CommandFailure`` with what the text should look like.
    init(parsing text: String) throws(CommandFailure) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            throw .usage(
                "'\(text.escapedForDisplay)' is no feature with a strength. Write INDEX=STRENGTH, as in 316=45."
            )
        }
        index = try Self.featureIndex(parsing: parts[0])
        guard let strength = DecimalNumber.double(parts[1]) else {
            let advice =
                Self.advice(about: parts[1], isWhole: false)
                ?? "Give a number, as in \(parts[0])=45 or \(parts[0])=-12.5"
            throw .usage("'\(parts[1].escapedForDisplay)' is no strength for feature \(parts[0]). \(advice).")
        }
        guard strength.isFinite else {
            throw .usage("'\(parts[1].escapedForDisplay)' is far too great a strength for feature \(parts[0]).")
        }
        self.strength = strength
    }

    /// A feature's index: a decimal number without leading zeros.
    ///
    /// - Throws: ``CommandFailure`` with what the text should look like.
    static func featureIndex(parsing text: String) throws(CommandFailure) -> Int {
        guard let index = Int(text), index >= 0, String(index) == text else {
            let advice = advice(about: text, isWhole: true) ?? "Write a whole number from 0, as in 316"
            throw .usage("'\(text.escapedForDisplay)' is no feature index. \(advice).")
        }
        return index
    }

    /// What to write instead of a text that is no number as it is; nil if that cannot be told.
    private static func advice(about text: String, isWhole: Bool) -> String? {
        switch NumberSlip(in: text, isWhole: isWhole) {
        // What goes behind '#' in a file.
        case nil, .comment, .note: nil
        case let slip?: slip.help.prefix(1).uppercased() + slip.help.dropFirst()
        }
    }

    /// The strengths by feature index.
    ///
    /// - Parameter texts: A word `INDEX=STRENGTH` each.
    /// - Throws: ``CommandFailure`` if one is none, or one feature is named twice: one of them would be a guess.
    static func strengths(parsing texts: [String]) throws(CommandFailure) -> [Int: Double] {
        var strengths: [Int: Double] = [:]
        for text in texts {
            let assignment = try FeatureAssignment(parsing: text)
            guard strengths.updateValue(assignment.strength, forKey: assignment.index) == nil else {
                throw .usage("Feature \(assignment.index) is named twice.")
            }
        }
        return strengths
    }
}
