import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm activate`
struct ActivateCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: "Makes a profile the active one.",
        discussion: """
            Checks the profile's file, then moves the link 'active'. A running daemon follows within \
            milliseconds; with --wait the command returns once it has, and says what was applied.

            EXAMPLES:
              millm activate pirate
              millm activate pirate --wait        wait up to 10 seconds for the daemon
              millm activate pirate --wait 2.5
              millm activate pirate --force       although it was made for a model of another name

            EXIT CODES:
              1  there is no such profile, or its file has errors
              2  with --wait: no daemon is running, it did not answer in time, or another change came between
              3  the link was moved, but the daemon rejected the profile (with --wait)
            """
    )

    @OptionGroup
    var profile: ProfileArgument

    @OptionGroup
    var wait: WaitOption

    @Flag(
        name: [.short, .long],
        help: ArgumentHelp(
            "Pass over a model or an SAE of another name.",
            discussion: """
                An index or a size that does not fit is never passed over. The link is moved even to a file with \
                errors; the daemon keeps the last good steering until they are mended.
                """
        )
    )
    var force = false

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let workspace = try session.workspace
        let file = try await workspace.soleProfile(profile.id)
        guard file.profile != nil || force else {
            throw ProfileError(
                .invalidFormat,
                "'\(file.id)' was not activated: its file has errors.",
                diagnostics: file.diagnostics
            )
        }
        // What cannot be kept for the daemon would force nothing.
        let record = force ? try session.forceRecord() : try? session.forceRecord()
        let wasForced = record?.forces(file.id) ?? false
        guard let limit = wait.limit else {
            try await workspace.repository.setActive(file.id, forced: force, evenIfInvalid: force)
            try report(file, nil, in: session)
            return .success
        }
        let outcome = try await session.daemonWatch().outcome(within: limit, judgedAnew: wasForced && !force) {
            try await workspace.repository.setActive(file.id, forced: force, evenIfInvalid: force)
            return .activation(of: file.id, digest: file.digest, isNewlyForced: force && !wasForced)
        }
        try report(file, outcome, in: session)
        return outcome.verdict == .applied ? .success : .rejected
    }

    private func report(_ file: ProfileFile, _ outcome: DaemonWatch.Outcome?, in session: Session) throws {
        if session.format == .json {
            return try session.print(json: outcome.json(active: file.id))
        }
        guard let outcome else { return try session.confirm("'\(file.id)' is active.") }
        switch outcome.verdict {
        case .applied:
            let features = (outcome.status.applied?.features ?? 0).counted("feature")
            try session.confirm("'\(file.id)' is active and applied: \(features), \(outcome.summary).")
        case .rejected(let reason):
            let mayBeForced = reason.code == ProfileError.Code.incompatible.rawValue && !force
            let advice = mayBeForced ? "--force passes over the names of models and SAEs, never over an index" : nil
            session.report(rejection: reason, of: "'\(file.id)' is active, but", advice: advice)
        }
    }
}
