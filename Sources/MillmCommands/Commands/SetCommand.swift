import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm set`
struct SetCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets strengths of features in a profile's file.",
        discussion: """
            Only the bytes of the changed values change; comments, order and quoting stay. One of miLLM's exports \
            becomes a profile of version 1 first, as 'millm migrate' makes them, and that is told. If the profile is \
            active, a running daemon follows within milliseconds; with --wait the command returns once it has.

            EXAMPLES:
              millm set pirate 316=45
              millm set pirate 316=45 88=-12.5 --wait

            EXIT CODES:
              1  there is no such profile, or its file has errors
              2  a strength is out of bounds, the file cannot be written, or no daemon is running (with --wait)
              3  saved, but the daemon rejected it (with --wait)
            """
    )

    @OptionGroup
    var profile: ProfileArgument

    @Argument(
        help: ArgumentHelp("Feature indices with their strengths.", valueName: "index=strength"),
        completion: .assignments
    )
    var assignments: [String]

    @OptionGroup
    var wait: WaitOption

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let strengths = try FeatureAssignment.strengths(parsing: assignments)
        return try await session.edit(profile.id, waiting: wait.limit) { now in
            ProfileChanges(steering: now.steering.merging(strengths) { $1 })
        }
    }
}
