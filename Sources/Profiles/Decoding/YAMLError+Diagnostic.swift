import YAML

extension YAMLError {
    /// The error as a finding about a file.
    func diagnostic(file: String) -> Diagnostic {
        Diagnostic(
            code.diagnosticCode,
            message,
            at: SourceLocation(file: file, range: range),
            label: code == .duplicateKey ? "set again" : nil,
            help: help,
            related: related.map {
                Diagnostic.Related(message: $0.message, location: SourceLocation(file: file, range: $0.range))
            }
        )
    }
}

extension YAMLError.Code {
    var diagnosticCode: DiagnosticCode {
        switch self {
        case .syntax: .syntaxError
        case .notUTF8: .notUTF8
        case .tooLarge: .tooLarge
        case .tooDeep: .tooDeep
        case .tooManyNodes: .tooManyNodes
        case .empty: .emptyFile
        case .severalDocuments: .severalDocuments
        case .anchor: .anchor
        case .alias: .alias
        case .tag: .tag
        case .mergeKey: .mergeKey
        case .duplicateKey: .duplicateKey
        case .controlCharacter: .controlCharacter
        case .directive: .directive
        case .complexKey: .complexKey
        case .escape: .invalidEscape
        case .tooManyMarks: .tooManyMarks
        case .outOfMemory: .outOfMemory
        }
    }
}
