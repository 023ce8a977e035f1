import ArgumentParser
import ProfileDirectory
import Profiles
import Reconciliation

/// `millm delete`
struct DeleteCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes a profile's file.",
        discussion: """
            The active profile cannot be deleted; deactivate it or activate another one first. The bytes stay in \
            the history for a while: see 'millm history --all'. Of two files with one id, as pirate.yaml and pirate.yml, \
            give the whole name.

            EXAMPLES:
              millm delete pirate

            EXIT CODES:
              1  there is no such profile, or it is the active one
              2  the file cannot be deleted
            """,
        aliases: ["rm"]
    )

    @OptionGroup
    var profile: ProfileArgument

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let workspace = try session.workspace
        let file = try await workspace.profileFile(profile.id)
        try await workspace.repository.delete(file)
        if session.format == .json {
            try session.print(json: ["profile_id": .string(file.id.description), "deleted": true])
        } else {
            // Of two files with one id it matters which.
            let isOneOfTwo = file.diagnostics.contains { $0.code == .duplicateID }
            try session.confirm("'\(isOneOfTwo ? file.fileName : file.id.description)' was deleted.")
        }
        return .success
    }
}
