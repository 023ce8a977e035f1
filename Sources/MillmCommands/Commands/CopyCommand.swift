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
            from the new id, or from the old name. Without a new id one is made from the display name.

            EXAMPLES:
              millm copy pirate                       pirate-2, 'Pirate (2)'
              millm copy pirate buccaneer             buccaneer, 'Buccaneer'
              millm copy pirate --name "Bold Pirate"  bold-pirate

            EXIT CODES:
              1  there is no such profile, its file has errors, or the id or the name is taken
              2  an id or a name breaks the format's rules, or the file cannot be written
            """,
        aliases: ["cp"]
    )

    @OptionGroup
    var new: NamedProfile

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    var adviceIfTaken: String? { NamedProfile.adviceIfTaken }

    func run(in session: Session) async throws -> ExitCode {
        let workspace = try session.workspace
        let original = try await workspace.soleProfile(new.profile.id)
        let newID = try new.newID.map(workspace.newID)
        var name = new.name
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
