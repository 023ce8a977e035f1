import Profiles

/// How many findings there are of the kinds that count.
struct Tally: CustomStringConvertible {
    let errors: Int
    let warnings: Int
    /// Whether there are more, which a file does not show.
    let isPartial: Bool

    init(of diagnostics: [Diagnostic]) {
        errors = diagnostics.count { $0.severity == .error }
        warnings = diagnostics.count { $0.severity == .warning }
        isPartial = diagnostics.contains { $0.code == .findingsLeftOut }
    }

    /// `2 errors, 1 warning`; `no findings`; `at least 99 errors`.
    var description: String {
        let parts = [errors.counted("error"), warnings.counted("warning")]
        let present = zip([errors, warnings], parts).filter { $0.0 > 0 }.map(\.1)
        guard !present.isEmpty else { return "no findings" }
        return (isPartial ? "at least " : "") + present.joined(separator: ", ")
    }
}

extension Int {
    /// The number with its noun: `1 file`, `2 files`.
    func counted(_ noun: String) -> String {
        "\(self) \(noun)\(self == 1 ? "" : "s")"
    }
}
