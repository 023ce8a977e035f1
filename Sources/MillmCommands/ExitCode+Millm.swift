import ArgumentParser
import Profiles

// What the process' exit code tells a script; 0 is `success`.

extension ExitCode {
    /// There are findings or differences, or the request was refused.
    static let findings = ExitCode(1)
    /// The command line is wrong, or a file cannot be read or written.
    static let usage = ExitCode(2)
    /// The change was saved, but the running daemon rejected it.
    static let rejected = ExitCode(3)
}

extension ExitCode {
    /// What findings come to: a file that the system lets nobody read is none of the file's mistakes.
    init(of findings: [Diagnostic]) {
        if findings.contains(where: { $0.code == .unreadable }) {
            self = .usage
        } else {
            self = findings.contains { $0.severity == .error } ? .findings : .success
        }
    }
}
