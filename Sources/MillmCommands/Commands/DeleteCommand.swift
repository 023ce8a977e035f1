import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm delete`
struct DeleteCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes a profile's file.",
        discussion: """
            The active profile cannot be deleted; deactivate it first. There is no way back but your version \
            control.

            EXAMPLES:
              millm delete pirate
            """,
        aliases: ["rm"]
    )

    @Argument(help: "The profile's id, or its file in the directory.", completion: .profileIDs)
    var id: String

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let workspace = try session.workspace
        let file = try await workspace.profile(id)
        try await workspace.repository.delete(file.id, expecting: file.digest)
        if session.format == .json {
            try session.print(json: ["profile_id": .string(file.id.description), "deleted": true])
        } else {
            try session.confirm("'\(file.id)' was deleted.")
        }
        return .success
    }
}
