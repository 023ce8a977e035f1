import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm new`
struct NewCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Writes the file of a new profile.",
        discussion: """
            The file is made from a template: 'blank' has what a profile needs, 'commented' explains every key. \
            Others are found in the folder MILLM_TEMPLATES and in the folder Templates beside the profiles; a \
            template's name with a slash is a path. Without --name the display name is made from the id.

            The first line leads editors to the JSON Schema: to Templates/profile.schema.json in the same project, \
            else to the one that was installed with millm. Where there is neither, the schema is written beside \
            the profiles, as .profile.schema.json.

            EXAMPLES:
              millm new pirate
              millm new pirate --template commented --name "Pirate of the Seas"
              millm new pirate --set 316=45 --set 88=-12.5

            EXIT CODES:
              1  the id or the name is taken
              2  a value breaks the format's rules, there is no such template, or the file cannot be written
            """
    )

    @Argument(help: "The new profile's id; its file is named after it.")
    var id: String

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("The template to start from.", valueName: "template"),
        completion: .templates
    )
    var template = "blank"

    @Option(name: [.short, .long], help: "The display name.")
    var name: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("A feature with its strength. May be repeated.", valueName: "index=strength")
    )
    var set: [String] = []

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    var adviceIfTaken: String? { NamedProfile.adviceIfTaken }

    func run(in session: Session) async throws -> ExitCode {
        let workspace = try session.workspace
        let id = try workspace.newID(id)
        let strengths = try FeatureAssignment.strengths(parsing: set)
        let shelf = TemplateShelf(besides: session.directory, environment: session.environment)
        let template = try shelf.template(template)
        // Before anything is written: the schema may be.
        if try await workspace.repository.all().contains(where: { $0.id == id }) {
            throw ProfileError(.alreadyExists, "There is a profile '\(id)' already.")
        }
        let schema = try shelf.schemaReference(forProfilesIn: session.directory)
        let decoded = ProfileDecoder.decode(template.bytes, file: template.displayPath)
        let steering = (decoded.profile?.steering ?? [:]).merging(strengths) { $1 }
        let changes = ProfileChanges(name: try name ?? Self.validName(for: id), steering: steering)
        let edited = try ProfileEditor.apply(changes, to: template.bytes, file: template.displayPath)
        let bytes = Template.text(edited, pointingAt: schema)
        let file = try await workspace.repository.create(id, holding: bytes)
        try await session.tell(file, "'\(file.id)' was written from the template '\(template.name)': \(file.path)")
        session.warnOfMissingFeatures(among: steering.keys, ofSAE: file.profile?.sae)
        return .success
    }

    /// - Throws: ``CommandFailure`` if no display name can be made from the id.
    private static func validName(for id: ProfileID) throws(CommandFailure) -> String {
        let name = displayName(for: id)
        guard (try? Profile(name: name).validate()) != nil else {
            throw .usage("No display name can be made from this id, which is long. Give one with --name.")
        }
        return name
    }

    /// `king-james` → `King James`; an id that somebody wrote with care stays as it is.
    static func displayName(for id: ProfileID) -> String {
        let text = id.description
        let isPlain = text.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" || $0 == "_" }
        guard isPlain else { return text }
        let words = text.split { $0 == "-" || $0 == "_" }
        return words.isEmpty ? text : words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
    }
}
