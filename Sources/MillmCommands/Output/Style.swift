/// Colours and weights, or none of them.
struct Style: Hashable, Sendable {
    /// What a piece of text means to the reader.
    enum Role: Hashable, Sendable {
        case heading, active, good, bad, caution, faint

        /// The parameter of ECMA-48's SGR sequence.
        fileprivate var parameter: String {
            switch self {
            case .heading: "1"
            case .active, .good: "32"
            case .bad: "31"
            case .caution: "33"
            case .faint: "2"
            }
        }
    }

    /// Whether escape sequences are written at all.
    let isEnabled: Bool

    init(isEnabled: Bool) {
        self.isEnabled = isEnabled
    }

    /// What the user wants on a terminal; nil is none.
    init(_ choice: ColorChoice, on terminal: Terminal?, environment: [String: String]) {
        switch choice {
        case .always: isEnabled = true
        case .never: isEnabled = false
        case .auto:
            let isAllowed = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
            isEnabled = isAllowed && terminal != nil
        }
    }

    /// The text in the role's colour.
    func callAsFunction(_ role: Role?, _ text: String) -> String {
        guard isEnabled, let role, !text.isEmpty else { return text }
        return "\u{1B}[\(role.parameter)m\(text)\u{1B}[0m"
    }
}
