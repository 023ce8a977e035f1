import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm deactivate`
struct DeactivateCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "deactivate",
        abstract: "Makes no profile the active one.",
        discussion: """
            Removes the link 'active'. A running daemon then clears its steering; with --wait the command \
            returns once it has. It is no error if nothing was active.

            EXAMPLES:
              millm deactivate
              millm deactivate --wait

            EXIT CODES:
              1  there is something at 'active' that would be lost; see 'millm repair'
              2  the link cannot be removed; with --wait: no daemon is running, it did \
            not answer in time, or another change came between
              3  the link is gone, but the daemon rejected that (with --wait)
            """
    )

    @OptionGroup
    var wait: WaitOption

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let workspace = try session.workspace
        guard let limit = wait.limit else {
            let wasActive = try await workspace.repository.deactivateAll()
            try report(nil, wasActive: wasActive, in: session)
            return .success
        }
        var wasActive = false
        let outcome = try await session.daemonWatch().outcome(within: limit) {
            wasActive = try await workspace.repository.deactivateAll()
            return .deactivation
        }
        try report(outcome, wasActive: wasActive, in: session)
        return outcome.verdict == .applied ? .success : .rejected
    }

    private func report(_ outcome: DaemonWatch.Outcome?, wasActive: Bool, in session: Session) throws {
        if session.format == .json {
            return try session.print(json: outcome.json(active: nil))
        }
        let start = wasActive ? "No profile is active any more" : "No profile was active"
        guard let outcome else { return try session.confirm("\(start).") }
        switch outcome.verdict {
        case .applied: try session.confirm("\(start), and nothing is steered: \(outcome.summary).")
        case .rejected(let reason) where reason.code == AwaitedChange.heldCode:
            session.report(CommandFailure(.rejected, reason.code, "\(start). \(reason.message)"))
        case .rejected(let reason): session.report(rejection: reason, of: "\(start), but")
        }
    }
}
