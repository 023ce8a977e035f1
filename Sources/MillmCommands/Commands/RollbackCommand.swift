import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm rollback`
struct RollbackCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Puts back what was applied before.",
        discussion: """
            The profile's file gets the bytes that it had then, whatever has become of it, and becomes the active \
            one; a running daemon follows. What the file holds now stays in the history. 'millm history' shows how \
            far back there is what. 0 is what is applied now: it brings back a file that was broken since.

            EXAMPLES:
              millm rollback              what was applied before
              millm rollback 3 --wait
              millm rollback --entry 12

            EXIT CODES:
              1  the history does not reach that far
              2  a file cannot be written, or no daemon is running (with --wait)
              3  put back, but the daemon rejected it (with --wait)
            """
    )

    @Argument(
        help: ArgumentHelp("How many steps to go back. (default: 1)", valueName: "steps"),
        completion: .rollbackSteps
    )
    var steps: Int?

    @Option(
        help: ArgumentHelp("The number of an entry instead, applied or not.", valueName: "number"),
        completion: .historyEntries
    )
    var entry: Int?

    @OptionGroup
    var wait: WaitOption

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let workspace = try session.workspace
        let chosen = try chosenEntry(of: session.history())
        guard let limit = wait.limit else {
            let file = try await workspace.repository.rollback(to: chosen)
            if session.format == .json {
                try session.print(json: DaemonWatch.Outcome?.none.json(active: file?.id))
            } else {
                try session.confirm("\(news(of: file, from: chosen, in: session)).")
            }
            return .success
        }
        var file: ProfileFile?
        let outcome = try await session.daemonWatch().outcome(within: limit) {
            file = try await workspace.repository.rollback(to: chosen)
            return file.map { .activation(of: $0.id, digest: $0.digest) } ?? .deactivation
        }
        return try session.tell(outcome, about: file?.id, start: news(of: file, from: chosen, in: session))
    }

    private func news(of file: ProfileFile?, from entry: HistoryEntry, in session: Session) -> String {
        let when = "as of \(entry.at.localSecond)"
        guard let file else { return "No profile is active again, \(when)" }
        let id = file.id.description.escapedForDisplay
        guard entry.id == nil else { return "'\(id)' is active again, \(when)" }
        let place = "\(session.directory)/\(file.fileName)".escapedForDisplay
        return "What had no profile is active again, \(when), as the new profile '\(id)' in '\(place)'"
    }

    private func chosenEntry(of history: AppliedHistory) throws -> HistoryEntry {
        if let entry {
            guard steps == nil else { throw CommandFailure.usage("Give the steps back or --entry, not both.") }
            guard let found = try history.entries().first(where: { $0.number == entry }) else {
                let advice = "'millm history --all' shows those it has."
                throw ProfileError(.notFound, "The history has no entry \(entry). \(advice)")
            }
            return found
        }
        let steps = steps ?? 1
        guard steps >= 0 else { throw CommandFailure.usage("The steps back are a number from 0.") }
        let applied = try history.applied()
        guard steps < applied.count else {
            let size = applied.isEmpty ? "is empty" : "reaches \((applied.count - 1).counted("step")) back"
            throw ProfileError(.notFound, "The history \(size), so there is nothing \(steps.counted("step")) back.")
        }
        return applied[steps]
    }
}
