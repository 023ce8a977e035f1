import Profiles

extension CommandFailure {
    /// Why the command ended, for programs.
    var json: JSONValue {
        [
            "code": .string(code),
            "message": .string(message),
            "diagnostics": .array(diagnostics.map(\.json)),
        ]
    }
}
