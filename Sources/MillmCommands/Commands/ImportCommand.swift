import ArgumentParser
import ProfileDirectory
import Profiles
import Reconciliation

/// `millm import`
struct ImportCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Takes profiles from files into the directory.",
        discussion: """
            Reads every format that a profile can have: miLLM's exports and profile files, which keep their \
            comments. Either all files are imported or none. The ids are made from the display names. A profile \
            whose name is taken is refused, unless --replace is given: then it takes over the new values in its \
            own file.

            EXAMPLES:
              millm import ~/Downloads/pirate.json
              millm import ~/Downloads/*.json --replace
              curl -s https://example.org/calm.json | millm import - --name "Very Calm"

            EXIT CODES:
              1  a file holds no valid profile, or a name is taken; nothing was imported
              2  a file cannot be read or written
            """
    )

    @Argument(help: "Files to read; '-' is standard input.", completion: .file())
    var files: [String]

    @Flag(help: "Change the profile that has the name already.")
    var replace = false

    @Option(help: "The display name; for a single file.")
    var name: String?

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    var adviceIfTaken: String? {
        let way = files.count == 1 ? "Give it another name" : "Import one of them by itself under another name"
        return "\(way) with --name, or change the profile that has it with --replace."
    }

    func run(in session: Session) async throws -> ExitCode {
        guard name == nil || files.count == 1 else {
            throw CommandFailure.usage("--name names one profile, and there are \(files.count) files.")
        }
        try SourceFile.refuseStandardInputTwice(in: files)
        let workspace = try session.workspace
        let sources = try files.map { try Self.source($0, in: session) }
        let results = try await workspace.service.importAll(sources, naming: name, replacing: replace)
        if session.format == .json {
            let activeID = try? await workspace.activeID().get()
            try session.print(json: .array(results.map { $0.file.json(isActive: $0.file.id == activeID) }))
        } else {
            for result in results {
                let verb = result.isNew ? "imported" : "replaced"
                try session.confirm("'\(result.file.id)' was \(verb): \(result.file.path)")
            }
        }
        return .success
    }

    private static func source(_ path: String, in session: Session) throws -> ProfileImport.Source {
        guard path == "-" else { return ProfileImport.Source(name: path, bytes: try SourceFile.read(path)) }
        return ProfileImport.Source(
            name: SourceFile.standardInput,
            bytes: try session.console.readStandardInput(limit: SourceFile.limit)
        )
    }
}
