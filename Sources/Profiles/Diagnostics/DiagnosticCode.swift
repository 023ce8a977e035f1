/// The kinds of findings, each with a code that never changes its meaning and with what to do about it.
///
/// The documentation's table, the SARIF rules and the help lines are all made from ``all``. A code that
/// falls out of use is retired, never given to another finding: P021 was the invalid value that P032 to P035 tell apart.
package struct DiagnosticCode: Hashable, Sendable {
    /// `P012`, say.
    package let code: String
    /// What is wrong, as a short phrase.
    package let title: String
    /// What it is found about, in a few words or as a line of a file.
    package let example: String
    /// What to do, as an imperative fragment.
    package let help: String

    init(_ code: String, _ title: String, example: String, help: String) {
        self.code = code
        self.title = title
        self.example = example
        self.help = help
    }

    package static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code }

    package func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

extension DiagnosticCode {
    /// Every code, ascending.
    package static let all: [DiagnosticCode] = sections.flatMap(\.codes)

    /// The codes by what they are about.
    static let sections: [(title: String, codes: [DiagnosticCode])] = [
        ("The text", ofSyntax), ("The profile", ofSchema), ("Model and SAE", ofCompatibility),
        ("Files and the active link", ofDirectory),
    ]

    /// The code with this number; nil if there is none.
    package init?(code: String) {
        guard let found = Self.all.first(where: { $0.code == code }) else { return nil }
        self = found
    }
}
