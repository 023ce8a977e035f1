/// The documentation's page about all findings, made from their table.
package enum DiagnosticReference {
    /// The page in Markdown.
    package static var markdown: String {
        var lines = [
            "# Findings",
            "",
            "Every finding has a code that never changes its meaning, what it is about, and what to do.",
            "",
            "## Overview",
            "",
            "This page is made from ``DiagnosticCode/all`` by `make reference`; a test keeps it true.",
        ]
        for section in DiagnosticCode.sections {
            lines += [
                "", "### \(section.title)", "", "| code | finding | example | help |", "| --- | --- | --- | --- |",
            ]
            lines += section.codes.map { code in
                "| \(code.code) | \(cell(code.title)) | \(span(code.example)) | \(cell(code.help)) |"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("<", with: "&lt;").replacing("*", with: "\\*")
    }

    private static func span(_ text: String) -> String {
        "`" + text.replacing("|", with: "\\|") + "`"
    }
}
