import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm copy`
struct CopyCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copies a profile, comments and all.",
        discussion: """
            Display names are unique, so the copy gets one of its own: the one that --name gives, or else one made \
            from the new id, or from the old name.

            EXAMPLES:
              millm copy pirate                       pirate-2, 'Pirate (2)'
              millm copy pirate buccaneer             buccaneer, 'Buccaneer'
              millm copy pirate --name "Bold Pirate"  bold-pirate

            EXIT CODES:
              1  there is no such profile, its file has errors, or the id or the name is taken
              2  the file cannot be written
            """,
        aliases: ["cp"]
    )

    @Argument(help: "The profile's id, or its file in the directory.", completion: .profileIDs)
    var id: String

    @Argument(help: "The copy's id; made from its display name without it.")
    var newID: String?

    @Option(name: [.short, .long], help: "The copy's display name.")
    var name: String?

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    var adviceIfTaken: String? { "Give another id, or another display name with --name." }

    func run(in session: Session) async throws -> ExitCode {
        let workspace = try session.workspace
        let original = try await workspace.profile(id)
        let newID = try newID.map(workspace.newID)
        var name = name
        if name == nil, let newID {
            let made = NewCommand.displayName(for: newID)
            if try await workspace.repository.profile(named: made) == nil { name = made }
        }
        let copy = try await workspace.repository.copy(original.id, to: newID, name: name)
        let names = "'\(original.id)' was copied to '\(copy.id)', '\(copy.displayName.escapedForDisplay)'"
        try await session.tell(copy, "\(names): \(copy.path)")
        return .success
    }
}
