import YAML

/// Writes findings as GitHub Actions' workflow commands, which mark the lines of a pull request.
package enum GitHubCommands {
    /// One line for each finding.
    package static func text(_ diagnostics: some Sequence<Diagnostic>) -> String {
        diagnostics.map { line($0) + "\n" }.joined()
    }

    private static func line(_ diagnostic: Diagnostic) -> String {
        var properties = [("file", diagnostic.location.file)]
        if let range = diagnostic.location.range {
            properties += [("line", String(range.start.line)), ("endLine", String(range.end.line))]
            // GitHub takes columns only within one line, and counts the last one in.
            if range.start.line == range.end.line {
                let last = max(range.start.column, range.end.column - 1)
                properties += [("col", String(range.start.column)), ("endColumn", String(last))]
            }
        }
        properties.append(("title", "\(diagnostic.code.code) \(diagnostic.code.title)"))
        let command =
            switch diagnostic.severity {
            case .error: "error"
            case .warning: "warning"
            case .note: "notice"
            }
        let list = properties.map { "\($0)=\(escapedProperty($1))" }.joined(separator: ",")
        let help = diagnostic.help.map { "\nhelp: \($0)" } ?? ""
        return "::\(command) \(list)::\(escaped(diagnostic.message + help))"
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "%": "%25"
            case "\r": "%0D"
            case "\n": "%0A"
            default: String(scalar)
            }
        }.joined()
    }

    private static func escapedProperty(_ text: String) -> String {
        escaped(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
