import Profiles

/// Feature index → strength, as requests give it: `{"316": 45.0}`.
struct StrengthsField: Decodable, Sendable {
    let strengths: [Int: Double]

    /// Takes only indices as they are written: `7`, never `07`, ` 7 ` or `7.0`.
    ///
    /// - Throws: ``ProfileError`` `.featureOutOfRange` for another key, `DecodingError` for a value that is no number.
    init(from decoder: any Decoder) throws {
        var strengths: [Int: Double] = [:]
        for (key, strength) in try decoder.singleValueContainer().decode([String: NumberField<Double>].self) {
            guard let index = Int(key), index >= 0, String(index) == key else {
                throw ProfileError(
                    .featureOutOfRange,
                    "'\(key.shortened)' is no feature index: it must be a whole number from 0, in digits alone."
                )
            }
            strengths[index] = strength.value
        }
        self.strengths = strengths
    }
}
