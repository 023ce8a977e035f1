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
            file, and nothing else there. Without a new id the file keeps its own.

            EXAMPLES:
              millm rename pirate buccaneer
              millm rename pirate --name "Pirate of the Seas"

            EXIT CODES:
              1  there is no such profile, the id or the name is taken, or (with --name) the file has errors
              2  an id or a name breaks the format's rules, or the file cannot be written
            """,
        aliases: ["mv"]
    )

    @OptionGroup
    var new: NamedProfile

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    var adviceIfTaken: String? { NamedProfile.adviceIfTaken }

    func run(in session: Session) async throws -> ExitCode {
        guard new.newID != nil || new.name != nil else {
            throw CommandFailure.usage("Give a new id, or a new display name with --name.")
        }
        let workspace = try session.workspace
        let reference = new.profile.id
        let old = try await new.newID == nil ? workspace.soleProfile(reference) : workspace.profileFile(reference)
        let isActive = (try? await workspace.repository.active())?.path == old.path
        let newID = try new.newID.map(workspace.newID) ?? old.id
        let file = try await session.warningOfHardLinks(to: [old.path], nowAt: \.path) {
            try await workspace.repository.rename(old, to: newID, name: new.name)
        }
        let news = [
            newID == old.id ? (new.name == nil ? "keeps its id" : nil) : "is '\(newID)' now",
            new.name.map { "has the name '\($0.escapedForDisplay)' now" },
            isActive && newID != old.id ? "is still the active profile" : nil,
        ]
        // Of two files with one id it matters which.
        let isOneOfTwo = old.diagnostics.contains { $0.code == .duplicateID }
        let subject = isOneOfTwo ? old.fileName : old.id.description
        let sentence = "'\(subject)' \(news.compactMap(\.self).joined(separator: ", and "))."
        try await session.tell(EditedFile(file: file, before: old), sentence)
        return .success
    }
}
