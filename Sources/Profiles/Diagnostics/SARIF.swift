import YAML

/// Writes findings in the Static Analysis Results Interchange Format 2.1.0, for code scanning services.
package enum SARIF {
    /// A log with one run, with a line break at the end.
    ///
    /// - Parameter toolVersion: The version of the program.
    package static func text(_ diagnostics: some Sequence<Diagnostic>, toolVersion: String) -> String {
        let log: JSONValue = [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                [
                    "tool": [
                        "driver": [
                            "name": "millm",
                            "version": .string(toolVersion),
                            "rules": .array(DiagnosticCode.all.map(rule)),
                        ]
                    ],
                    "columnKind": "unicodeCodePoints",
                    "results": .array(diagnostics.map(result)),
                ]
            ],
        ]
        return log.text() + "\n"
    }

    private static func rule(_ code: DiagnosticCode) -> JSONValue {
        [
            "id": .string(code.code),
            "shortDescription": ["text": .string(code.title)],
            "help": ["text": .string(code.help)],
        ]
    }

    private static func result(_ diagnostic: Diagnostic) -> JSONValue {
        let level = diagnostic.severity == .note ? "note" : diagnostic.severity.rawValue
        let help = diagnostic.help.map { "\nhelp: \($0)" } ?? ""
        var members: [JSONValue.Member] = [
            JSONValue.Member("ruleId", .string(diagnostic.code.code)),
            JSONValue.Member("ruleIndex", JSONValue(DiagnosticCode.all.firstIndex(of: diagnostic.code))),
            JSONValue.Member("level", .string(level)),
            JSONValue.Member("message", ["text": .string(diagnostic.message + help)]),
            JSONValue.Member("locations", [["physicalLocation": physicalLocation(diagnostic.location)]]),
        ]
        if !diagnostic.related.isEmpty {
            let related = diagnostic.related.enumerated().map { index, related -> JSONValue in
                [
                    "id": .integer(index + 1),
                    "message": ["text": .string(related.message)],
                    "physicalLocation": physicalLocation(related.location),
                ]
            }
            members.append(JSONValue.Member("relatedLocations", .array(related)))
        }
        return .object(members)
    }

    private static func physicalLocation(_ location: SourceLocation) -> JSONValue {
        // Standard input has no address.
        let file: JSONValue =
            location.file == "<stdin>"
            ? ["description": ["text": "standard input"]]
            : ["uri": .string(uri(location.path ?? Array(location.file.utf8)))]
        let artifact = JSONValue.Member("artifactLocation", file)
        guard let range = location.range else { return .object([artifact]) }
        let region: JSONValue = [
            "startLine": .integer(range.start.line),
            "startColumn": .integer(range.start.column),
            "endLine": .integer(range.end.line),
            "endColumn": .integer(range.end.column),
        ]
        return .object([artifact, JSONValue.Member("region", region)])
    }

    /// A path as a URI: absolute ones with their scheme, relative ones as references.
    private static func uri(_ path: [UInt8]) -> String {
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
        let encoded = path.map { byte in
            if unreserved.contains(byte) { return String(Unicode.Scalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count < 2 ? "0" : "") + digits
        }
        return (path.first == UInt8(ascii: "/") ? "file://" : "") + encoded.joined()
    }
}
