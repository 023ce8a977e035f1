import Profiles

/// How many findings there are of the kinds that count.
struct Tally: CustomStringConvertible {
    let errors: Int
    let warnings: Int

    init(of diagnostics: [Diagnostic]) {
        errors = diagnostics.count { $0.severity == .error }
        warnings = diagnostics.count { $0.severity == .warning }
    }

    /// `2 errors, 1 warning`; `no findings`.
    var description: String {
        let parts = [errors.counted("error"), warnings.counted("warning")]
        let present = zip([errors, warnings], parts).filter { $0.0 > 0 }.map(\.1)
        return present.isEmpty ? "no findings" : present.joined(separator: ", ")
    }
}

extension Int {
    /// The number with its noun: `1 file`, `2 files`.
    func counted(_ noun: String) -> String {
        "\(self) \(noun)\(self == 1 ? "" : "s")"
    }
}
