import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm unset`
struct UnsetCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "unset",
        abstract: "Takes features out of a profile's file.",
        discussion: """
            Refused as a whole if the profile does not name one of them.

            EXAMPLES:
              millm unset pirate 316
              millm unset pirate 316 88
            """
    )

    @Argument(help: "The profile's id, or its file in the directory.", completion: .profileIDs)
    var id: String

    @Argument(
        help: ArgumentHelp("Feature indices.", valueName: "index"),
        transform: FeatureAssignment.featureIndex(parsing:)
    )
    var indices: [Int]

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        try await session.edit(id) { profile in
            var steering = profile.steering
            for index in indices where steering.removeValue(forKey: index) == nil {
                throw ProfileError(.featureOutOfRange, "'\(id)' does not name feature \(index). Nothing was changed.")
            }
            return ProfileChanges(steering: steering)
        }
        return .success
    }
}
