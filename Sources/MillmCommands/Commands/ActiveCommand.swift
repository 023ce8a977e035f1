import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm active`
struct ActiveCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "active",
        abstract: "Prints the active profile's id.",
        discussion: """
            Exit code 1 and no output if no profile is active. What a running model follows at this moment is \
            told by 'millm status'.

            EXAMPLES:
              millm active
              millm show "$(millm active)"
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let id = try await session.workspace.repository.active()?.id
        if session.format == .json {
            try session.print(json: ["active_profile_id": JSONValue(id?.description)])
        } else if let id {
            try session.print(id.description)
        }
        return id == nil ? .findings : .success
    }
}
