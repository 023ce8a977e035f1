import YAML

extension Diagnostic {
    /// The finding as an object with SPEC §6's keys. Lines and columns count from 1; `endColumn` is the first
    /// column behind. They are null for a finding about a file as a whole.
    package var json: JSONValue {
        let place: [JSONValue.Member] = location.jsonMembers
        let head: [JSONValue.Member] = [
            JSONValue.Member("code", .string(code.code)),
            JSONValue.Member("severity", .string(severity.rawValue)),
            JSONValue.Member("message", .string(message)),
        ]
        let tail: [JSONValue.Member] = [
            JSONValue.Member("help", JSONValue(help)),
            JSONValue.Member(
                "related",
                .array(
                    related.map {
                        .object([JSONValue.Member("message", .string($0.message))] + $0.location.jsonMembers)
                    }
                )
            ),
        ]
        return .object(head + place + tail)
    }
}

extension SourceLocation {
    fileprivate var jsonMembers: [JSONValue.Member] {
        [
            JSONValue.Member("file", .string(file)),
            JSONValue.Member("line", JSONValue(range?.start.line)),
            JSONValue.Member("column", JSONValue(range?.start.column)),
            JSONValue.Member("endLine", JSONValue(range?.end.line)),
            JSONValue.Member("endColumn", JSONValue(range?.end.column)),
        ]
    }
}

extension Sequence<Diagnostic> {
    /// The findings as a JSON array, with a line break at the end.
    package func jsonText() -> String {
        JSONValue.array(map(\.json)).text() + "\n"
    }
}
