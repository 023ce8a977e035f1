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
            active, a running daemon follows.

            EXAMPLES:
              millm set pirate 316=45
              millm set pirate 316=45 88=-12.5
            """
    )

    @Argument(help: "The profile's id, or its file in the directory.", completion: .profileIDs)
    var id: String

    @Argument(
        help: ArgumentHelp("Feature indices with their strengths.", valueName: "index=strength"),
        transform: FeatureAssignment.init(parsing:)
    )
    var assignments: [FeatureAssignment]

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        try await session.edit(id) { profile in
            var steering = profile.steering
            for assignment in assignments { steering[assignment.index] = assignment.strength }
            return ProfileChanges(steering: steering)
        }
        return .success
    }
}
