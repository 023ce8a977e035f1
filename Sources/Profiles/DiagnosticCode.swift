/// The kinds of findings, each with a code that never changes its meaning and with what to do about it.
package struct DiagnosticCode: Hashable, Sendable {
    /// `P012`, say.
    package let code: String
    /// What to do, as an imperative fragment.
    package let help: String

    /// A repeated key.
    package static let duplicateKey = DiagnosticCode(code: "P012", help: "remove one of them")
}
