import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm set`
struct SetCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets strengths of features, the name or the description.",
        discussion: """
            Only the bytes of the changed values change; comments, order and quoting stay. One of miLLM's exports \
            becomes a profile of version 1 first, as 'millm migrate' makes them, and that is told. If the profile is \
            active, a running daemon follows within milliseconds; with --wait the command returns once it has.

            EXAMPLES:
              millm set pirate 316=45
              millm set pirate 316=45 88=-12.5 --wait
              millm set pirate --description "Talks like a captain of the seven seas."

            EXIT CODES:
              1  there is no such profile, its file has errors, or the name is taken
              2  a value breaks the format's rules, the file cannot be written, or no daemon is running (with --wait)
              3  saved, but the daemon rejected it (with --wait)
            """
    )

    @OptionGroup
    var profile: ProfileArgument

    @Argument(
        help: ArgumentHelp("Feature indices with their strengths.", valueName: "index=strength"),
        completion: .assignments
    )
    var assignments: [String] = []

    @Option(name: [.short, .long], help: "The new display name.")
    var name: String?

    @Option(name: [.short, .long], help: "The new description; an empty one takes it out.")
    var description: String?

    @OptionGroup
    var wait: WaitOption

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    var adviceIfTaken: String? { "Give another one with --name." }

    func run(in session: Session) async throws -> ExitCode {
        guard !assignments.isEmpty || name != nil || description != nil else {
            throw CommandFailure.usage("Give features with strengths, as in 316=45, or --name or --description.")
        }
        let strengths = try FeatureAssignment.strengths(parsing: assignments)
        var sae: String?
        let exitCode = try await session.edit(profile.id, waiting: wait.limit) { now in
            sae = now.sae
            return ProfileChanges(
                name: name,
                description: description.map { $0.isEmpty ? nil : $0 },
                steering: now.steering.merging(strengths) { $1 }
            )
        }
        // What the daemon has rejected, it has told itself.
        if exitCode == .success { session.warnOfMissingFeatures(among: strengths.keys, ofSAE: sae) }
        return exitCode
    }
}
