import ArgumentParser
import Profiles

/// Ends a command with a message on standard error and an exit code.
struct CommandFailure: Error {
    var exitCode: ExitCode
    /// A stable word for programs.
    var code: String
    /// What failed, on what, and what to do.
    var message: String
    /// Findings about files, if they are the reason.
    var diagnostics: [Diagnostic]

    init(_ exitCode: ExitCode, _ code: String, _ message: String, diagnostics: [Diagnostic] = []) {
        self.exitCode = exitCode
        self.code = code
        self.message = message
        self.diagnostics = diagnostics
    }

    /// A repository's refusal.
    init(_ error: ProfileError) {
        let exitCode: ExitCode =
            switch error.code {
            case .inputOutput, .busy, .directoryTaken, .invalidID, .invalidValue, .featureOutOfRange: .usage
            default: .findings
            }
        let isUnreadable = ExitCode(of: error.diagnostics) == .usage
        self.init(isUnreadable ? .usage : exitCode, error.code.rawValue, error.message, diagnostics: error.diagnostics)
    }

    /// A command line that cannot be carried out.
    static func usage(_ message: String) -> CommandFailure {
        CommandFailure(.usage, "USAGE", message)
    }
}
