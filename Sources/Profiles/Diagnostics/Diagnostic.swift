package import YAML

/// One finding about a file, for people and for tools.
package struct Diagnostic: Hashable, Sendable {
    /// How bad a finding is: only an error makes a file invalid.
    package enum Severity: String, Hashable, Sendable, Codable {
        case error, warning, note
    }

    /// A second place that explains the finding.
    package struct Related: Hashable, Sendable {
        /// What is to be seen there, as a fragment.
        package var message: String
        /// Where it is to be seen.
        package var location: SourceLocation

        package init(message: String, location: SourceLocation) {
            self.message = message
            self.location = location
        }
    }

    /// What kind of finding it is; stable, see ``DiagnosticCode``.
    package var code: DiagnosticCode
    /// How bad it is.
    package var severity: Severity
    /// What is wrong, as a sentence fragment without a full stop, like a compiler's.
    package var message: String
    /// Where it is wrong.
    package var location: SourceLocation
    /// What to write beside the place, where related places have words of their own.
    package var label: String?
    /// What to do, if more can be said than the code's own help.
    package var help: String?
    /// Other places that explain it, in the order in which they are shown.
    package var related: [Related]

    package init(
        _ code: DiagnosticCode,
        _ message: String,
        at location: SourceLocation,
        severity: Severity = .error,
        label: String? = nil,
        help: String? = nil,
        related: [Related] = []
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.location = location
        self.label = label
        self.help = help ?? code.help
        self.related = related
    }
}

/// A file and, where one is known, the stretch of it that is meant.
package struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
    /// The file as the user named it, relative to where the user is.
    package var file: String
    /// The stretch; nil for the file as a whole.
    package var range: SourceRange?
    /// The file's path where it is no UTF-8, and ``file`` only shows it.
    package var path: [UInt8]?

    package init(file: String, range: SourceRange? = nil, path: [UInt8]? = nil) {
        self.file = file
        self.range = range
        self.path = path
    }

    /// `file`, or `file:line:column`.
    package var description: String {
        guard let start = range?.start else { return file }
        return "\(file):\(start.line):\(start.column)"
    }
}
