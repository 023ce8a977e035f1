import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm rename`
struct RenameCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Gives a profile another id, another display name, or both.",
        discussion: """
            The id is the file's name: it is the file that is renamed, and if the profile is active, the link \
            'active' moves along; at no instant does it point at nothing. The display name is changed in the \
            file, and nothing else there.

            EXAMPLES:
              millm rename pirate buccaneer
              millm rename pirate --name "Pirate of the Seas"

            EXIT CODES:
              1  there is no such profile, its file has errors, or the id or the name is taken
              2  the file cannot be written
            """,
        aliases: ["mv"]
    )

    @Argument(help: "The profile's id, or its file in the directory.", completion: .profileIDs)
    var id: String

    @Argument(help: "The new id; the id stays as it is without it.")
    var newID: String?

    @Option(name: [.short, .long], help: "The new display name.")
    var name: String?

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    var adviceIfTaken: String? { "Give another id, or another display name with --name." }

    func run(in session: Session) async throws -> ExitCode {
        guard newID != nil || name != nil else {
            throw CommandFailure.usage("Give a new id, or a new display name with --name.")
        }
        let workspace = try session.workspace
        let old = try await workspace.profile(id)
        let isActive = try? await workspace.activeID().get() == old.id
        let new = try await workspace.repository.rename(
            old.id,
            to: newID.map(workspace.newID) ?? old.id,
            name: name
        )
        let news = [
            new.id == old.id ? (name == nil ? "keeps its id" : nil) : "is '\(new.id)' now",
            name.map { "has the name '\($0.escapedForDisplay)' now" },
            isActive == true && new.id != old.id ? "is still the active profile" : nil,
        ]
        try await session.tell(new, "'\(old.id)' \(news.compactMap(\.self).joined(separator: ", and ")).")
        return .success
    }
}
