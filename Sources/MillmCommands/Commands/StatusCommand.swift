import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm status`
struct StatusCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows what the daemon is asked to apply and what it has applied.",
        discussion: """
            Reads what the daemon has written down, so it needs no connection. With --watch it goes on and \
            shows every change as it happens: a line each, or with --format json an object a line.

            EXAMPLES:
              millm status
              millm status --format json
              millm status --watch

            STATES:
              ok        the model is steered by the active profile
              inactive  no profile is active, and nothing is steered
              held      steering that was set or kept over the API stands, until 'millm activate ID' or a change of \
            the active profile on disk
              degraded  the active profile cannot be applied; the last good steering goes on

            EXIT CODES:
              0  the daemon runs, and has followed what the directory says
              1  no daemon is running, its status cannot be read, it has not followed yet, or it goes on with the \
            last good steering
            """
    )

    @Flag(help: "Show every change as it happens, until interrupted.")
    var watch = false

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        if watch {
            try await session.daemonWatch().states { try show($0, asLineIn: session) }
            return .success
        }
        let following = try await session.following()
        if session.format == .json {
            try session.print(following.jsonText())
        } else {
            try session.print(report(on: following.daemon, following.pending, in: session).text)
        }
        guard let status = following.daemon.runningStatus, status.state != .degraded, following.pending == nil else {
            return .findings
        }
        return .success
    }

    private func show(_ daemon: Daemon, asLineIn session: Session) throws {
        if session.format == .json {
            try session.print(daemon.jsonLine())
        } else {
            try session.print(report(on: daemon, in: session).line(at: .now()))
        }
    }

    private func report(on daemon: Daemon, _ pending: DesiredState? = nil, in session: Session) -> StatusReport {
        StatusReport(
            daemon: daemon,
            pending: pending,
            forced: (try? ForceRecord(in: session.stateDirectory()).read()) ?? [],
            directory: session.directory,
            style: session.style,
            width: session.terminal?.columns
        )
    }
}
