import ArgumentParser
import ProfileDirectory
import Profiles
import Steering

/// `millm validate`
struct ValidateCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Checks profiles, and the link 'active'.",
        discussion: """
            Without a path it checks the whole directory of profiles. The verdict is the daemon's own: what is \
            fine here is read by the daemon. With --sae the features must exist in that SAE, too.

            With --format json the findings are an array of objects, with github they are workflow commands \
            that mark the lines of a pull request, with sarif a log for code scanning services.

            EXAMPLES:
              millm validate
              millm validate profiles/pirate.yaml --sae saes/smollm2-135m-instruct-l15
              git show HEAD~1:profiles/pirate.yaml | millm validate -
              millm validate --format github

            EXIT CODES:
              0  no errors; warnings alone do not count
              1  errors were found
              2  a file cannot be read, or a path is a directory without profiles; the others were checked
            """
    )

    static let formats = OutputFormat.allCases

    @Argument(help: "Files and directories; '-' is standard input.", completion: .file())
    var paths: [String] = []

    @Option(
        help: ArgumentHelp("A directory with an SAE that the profiles must fit.", valueName: "directory"),
        completion: .directory
    )
    var sae: String?

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        try SourceFile.refuseStandardInputTwice(in: paths)
        var validation = Validation(sae: try sae.map { try SAEPlace(option: $0).open().description })
        if paths.isEmpty {
            let directory = try session.workspace.path
            try await validation.check(directory: directory)
            if validation.fileCount == 0 { session.warn("There are no profiles in '\(directory.escapedForDisplay)'.") }
        }
        var hasFailed = false
        for path in paths {
            if path == "-" {
                validation.check(standardInput: try session.console.readStandardInput(limit: SourceFile.limit))
                continue
            }
            do throws(ProfileError) {
                try await validation.check(path: path)
            } catch {
                // The others are checked all the same.
                var failure = CommandFailure(error)
                if !FilePlace.isThere(path), let file = try? await session.workspace.profile(path) {
                    let place = "\(session.directory)/\(file.fileName)".escapedForDisplay
                    failure.message += " Did you mean '\(place)'?"
                }
                session.report(failure)
                hasFailed = true
            }
        }
        if !hasFailed || validation.fileCount > 0 { try show(validation, in: session) }
        return hasFailed ? .usage : ExitCode(of: validation.findings)
    }

    private func show(_ validation: Validation, in session: Session) throws(ConsoleError) {
        let findings = validation.findings
        let text =
            switch session.format {
            case .human: human(validation, in: session)
            case .json: findings.jsonText()
            case .github: GitHubCommands.text(findings)
            case .sarif: SARIF.text(findings, toolVersion: Product.version)
            }
        try session.console.write(text, to: .output)
    }

    private func human(_ validation: Validation, in session: Session) -> String {
        let findings = session.text(of: validation.findings, source: validation.source(of:))
        let space = findings.isEmpty ? "" : "\n"
        return session.isQuiet ? findings : findings + space + validation.summary + "\n"
    }
}
