import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm set`
struct SetCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets strengths of features in a profile's file.",
        discussion: """
            Only the bytes of the changed values change; comments, order and quoting stay. If the profile is \
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

    @Argument(help: "The profile's id, or its file in the directory.", completion: .profileIDs)
    var id: String

    @Argument(
        help: ArgumentHelp("Feature indices with their strengths.", valueName: "index=strength"),
        transform: FeatureAssignment.init(parsing:)
    )
    var assignments: [FeatureAssignment]

    @OptionGroup
    var wait: WaitOption

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let strengths = try FeatureAssignment.strengths(of: assignments)
        return try await session.edit(id, waiting: wait.limit) { profile in
            ProfileChanges(steering: profile.steering.merging(strengths) { $1 })
        }
    }
}
