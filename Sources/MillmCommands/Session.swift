import ProfileDirectory
import Profiles

/// One run of a command: its options, and the ways to answer.
struct Session: Sendable {
    let console: any Console
    let environment: [String: String]
    let format: OutputFormat
    let isQuiet: Bool
    /// The directory of profiles, as the user named it.
    let directory: String
    /// The terminal that results are shown on; nil if they go into a file or a pipe.
    let terminal: Terminal?
    /// The terminal that messages are shown on; nil if they go into a file or a pipe.
    private let errorTerminal: Terminal?
    /// How results are coloured.
    let style: Style
    /// How messages on standard error are coloured.
    let errorStyle: Style

    init(context: CommandContext, options: GlobalOptions) {
        console = context.console
        environment = context.environment
        format = options.format
        isQuiet = options.quiet
        var path = options.directory(environment: context.environment)
        while path.hasSuffix("/"), path.count > 1 { path.removeLast() }
        directory = path
        terminal = context.terminal(behind: .output)
        errorTerminal = context.terminal(behind: .error)
        style = Style(options.color, on: terminal, environment: environment)
        errorStyle = Style(options.color, on: errorTerminal, environment: environment)
    }

    /// The directory of profiles, ready to work on.
    ///
    /// - Throws: `.inputOutput` if there is none, with the ways to name one.
    var workspace: Workspace {
        get throws(ProfileError) {
            if !FilePlace.isDirectory(directory) {
                let shown = directory.escapedForDisplay
                let start =
                    FilePlace.isThere(directory) ? "'\(shown)' is no directory" : "There is no directory '\(shown)'"
                let advice = "Name the directory of profiles with --profiles or MILLM_PROFILES, or make one with mkdir."
                throw ProfileError(.inputOutput, "\(start). \(advice)")
            }
            // Without a history of this directory's own its profiles can be edited all the same.
            let state = try? ownStateDirectory()
            let repository = DirectoryRepository(
                path: directory,
                history: state.map { AppliedHistory(in: $0) },
                forceRecord: state.map(ForceRecord.init)
            )
            return Workspace(path: directory, repository: repository)
        }
    }

    /// Which activation was forced.
    ///
    /// - Throws: What ``history()`` throws.
    func forceRecord() throws(ProfileError) -> ForceRecord {
        ForceRecord(in: try ownStateDirectory())
    }

    /// What was applied and written, with the bytes.
    ///
    /// - Throws: `.inputOutput` if there is no place for the daemon's state; `.directoryTaken` if what there is was applied to another
    ///   directory, and this one's daemon keeps its history where it cannot be found.
    func history() throws(ProfileError) -> AppliedHistory {
        AppliedHistory(in: try ownStateDirectory())
    }

    /// The state folder, if it is this directory's.
    private func ownStateDirectory() throws(ProfileError) -> StateDirectory {
        let state = try stateDirectory()
        if let pid = state.rival {
            let message =
                "'\(directory.escapedForDisplay)' leads to another directory than before, which a daemon (pid \(pid)) serves. "
                + "Its history is not here; use the path, the user and the XDG_STATE_HOME of that daemon."
            throw ProfileError(.directoryTaken, message)
        }
        return state
    }

    /// Where the daemon leaves its status.
    ///
    /// - Throws: `.inputOutput` if there is no home directory.
    func stateDirectory() throws(ProfileError) -> StateDirectory {
        try StateDirectory(forProfilesIn: directory, environment: environment)
    }

    /// The daemon beside what the directory says, once it has had a moment to follow that.
    func following() async throws -> Following {
        let now = try Following(stateDirectory(), directory: directory)
        return now.pending == nil ? now : try await daemonWatch().settled()
    }

    /// Follows the daemon's status from now on.
    func daemonWatch() throws -> DaemonWatch {
        try DaemonWatch(stateDirectory(), directory: directory)
    }

    /// Writes a line of a result.
    func print(_ line: String) throws(ConsoleError) {
        try console.write(line + "\n", to: .output)
    }

    /// Tells what was done; not with `--quiet`.
    func confirm(_ line: String) throws(ConsoleError) {
        if !isQuiet { try print(line) }
    }

    /// Writes a result for programs.
    func print(json value: JSONValue) throws(ConsoleError) {
        try print(value.text())
    }

    /// Writes findings as a compiler does, to be read beside the lines that they are about.
    func print(_ diagnostics: [Diagnostic]) throws(ConsoleError) {
        try console.write(text(of: diagnostics, source: SourceFile.bytes(of:)), to: .output)
    }

    /// Findings as a compiler shows them, fitted to the terminal that results are shown on.
    func text(of diagnostics: [Diagnostic], source: @escaping (_ file: String) -> [UInt8]?) -> String {
        CompilerStyle(useColor: style.isEnabled, width: terminal?.columns, source: source).text(diagnostics)
    }

    /// Points at something that does not stop the command; not with `--quiet`.
    func warn(_ message: String) {
        if !isQuiet { writeError(sentence("warning:", .caution, message) + "\n") }
    }

    /// Says why the command ends: in words, or with `--format json` as an object, on standard error.
    func report(_ failure: CommandFailure) {
        guard format != .json else { return writeError(failure.json.text() + "\n") }
        let compilerStyle = CompilerStyle(
            useColor: errorStyle.isEnabled,
            width: errorTerminal?.columns,
            source: SourceFile.bytes(of:)
        )
        let findings = compilerStyle.text(failure.diagnostics)
        if !findings.isEmpty { writeError(findings) }
        // Its message is the finding's once more.
        guard findings.isEmpty || failure.code != ProfileError.Code.activeLinkBroken.rawValue else { return }
        if !findings.isEmpty { writeError("\n") }
        writeError(sentence("error:", .bad, failure.message) + "\n")
    }

    /// Says that the daemon did not follow a change that is saved.
    ///
    /// - Parameters:
    ///   - start: What was saved, up to the conjunction.
    ///   - advice: What else to try.
    func report(rejection reason: LoaderStatus.Reason, of start: String, advice: String? = nil) {
        let news = sentence("error:", .bad, "\(start) the daemon rejected it and goes on with the last good steering:")
        let cause = folded("  " + reason.sentence(style: errorStyle), indentedBy: 4)
        let help = advice.map { "\n" + folded("  = help: \($0)", indentedBy: 10) } ?? ""
        writeError("\(news)\n\(cause)\(help)\n")
    }

    /// A message behind what it is, folded to the terminal.
    private func sentence(_ title: String, _ role: Style.Role, _ message: String) -> String {
        errorStyle(role, title) + folded("\(title) \(message)", indentedBy: 2).dropFirst(title.count)
    }

    private func folded(_ text: String, indentedBy indentation: Int) -> String {
        FoldedText.lines(of: text, width: errorTerminal?.columns, indentedBy: indentation).joined(separator: "\n")
    }

    private func writeError(_ text: String) {
        // Nowhere is left to report that standard error cannot be written.
        try? console.write(text, to: .error)
    }
}
