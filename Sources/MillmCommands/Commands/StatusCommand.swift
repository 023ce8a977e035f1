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

            EXIT CODES:
              0  the daemon runs, and the model follows the directory
              1  no daemon is running, or it goes on with the last good steering
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
        let daemon = try Daemon(in: session.stateDirectory())
        if session.format == .json {
            try session.print(daemon.jsonText(isPretty: true))
        } else {
            try session.print(report(on: daemon, in: session).text)
        }
        guard let status = daemon.runningStatus, status.state != .degraded else { return .findings }
        return .success
    }

    private func show(_ daemon: Daemon, asLineIn session: Session) throws {
        if session.format == .json {
            try session.print(daemon.jsonText(isPretty: false))
        } else {
            try session.print(report(on: daemon, in: session).line(at: .now()))
        }
    }

    private func report(on daemon: Daemon, in session: Session) -> StatusReport {
        StatusReport(
            daemon: daemon,
            directory: session.directory,
            style: session.style,
            width: session.terminal?.columns
        )
    }
}
