import ArgumentParser

// What the process' exit code tells a script; 0 is `success`.

extension ExitCode {
    /// There are findings or differences, or the request was refused.
    static let findings = ExitCode(1)
    /// The command line is wrong, or a file cannot be read or written.
    static let usage = ExitCode(2)
    /// The change was saved, but the running daemon rejected it.
    static let rejected = ExitCode(3)
}
