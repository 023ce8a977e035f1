import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm unset`
struct UnsetCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "unset",
        abstract: "Takes features out of a profile's file.",
        discussion: """
            Only their lines go; everything else in the file stays as it is. Refused as a whole if the profile \
            does not name one of them.

            EXAMPLES:
              millm unset pirate 316
              millm unset pirate 316 88

            EXIT CODES:
              1  there is no such profile, its file has errors, or it does not name a feature
              2  the file cannot be written, or no daemon is running (with --wait)
              3  saved, but the daemon rejected it (with --wait)
            """
    )

    @OptionGroup
    var profile: ProfileArgument

    @Argument(
        help: ArgumentHelp("Feature indices.", valueName: "index"),
        completion: .featureIndices
    )
    var indices: [String]

    @OptionGroup
    var wait: WaitOption

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let indices = Set(try indices.map { try FeatureAssignment.featureIndex(parsing: $0) })
        return try await session.edit(profile.id, waiting: wait.limit) { now in
            let missing = indices.subtracting(now.steering.keys).sorted()
            guard missing.isEmpty else {
                let list = missing.map(String.init).joined(separator: ", ")
                let noun = missing.count == 1 ? "feature" : "features"
                let start = "'\(profile.id.escapedForDisplay)' does not name \(noun) \(list)."
                let code = ProfileError.Code.featureOutOfRange.rawValue
                throw CommandFailure(.findings, code, "\(start) Nothing was changed.")
            }
            return ProfileChanges(steering: now.steering.filter { !indices.contains($0.key) })
        }
    }
}
