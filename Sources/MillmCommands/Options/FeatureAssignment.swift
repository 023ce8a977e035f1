import ArgumentParser
import Profiles

/// `INDEX=STRENGTH` on the command line.
struct FeatureAssignment: Hashable, Sendable {
    let index: Int
    /// Finite; its bounds are the repository's to check.
    let strength: Double

    /// - Throws: `ValidationError` with what the text should look like.
    init(parsing text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let strength = Double(parts[1]), strength.isFinite else {
            throw ValidationError("'\(text)' is no feature with a strength. Write INDEX=STRENGTH, as in 316=45.")
        }
        index = try Self.featureIndex(parsing: parts[0])
        self.strength = strength
    }

    /// A feature's index: a decimal number without leading zeros.
    static func featureIndex(parsing text: String) throws -> Int {
        guard let index = Int(text), index >= 0, String(index) == text else {
            throw ValidationError("'\(text)' is no feature index. Write a whole number from 0, as in 316.")
        }
        return index
    }

    /// The strengths by feature index.
    ///
    /// - Throws: ``CommandFailure`` if one feature is named twice: one of them would be a guess.
    static func strengths(of assignments: [FeatureAssignment]) throws(CommandFailure) -> [Int: Double] {
        var strengths: [Int: Double] = [:]
        for assignment in assignments {
            guard strengths.updateValue(assignment.strength, forKey: assignment.index) == nil else {
                throw .usage("Feature \(assignment.index) is named twice.")
            }
        }
        return strengths
    }
}
