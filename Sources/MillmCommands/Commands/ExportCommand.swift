import ArgumentParser
import ProfileDirectory
import Profiles
import Reconciliation

/// `millm export`
struct ExportCommand: MillmCommand {
    /// A format to export to.
    enum Target: String, CaseIterable, ExpressibleByArgument {
        /// miLLM's export, which its import and this program read.
        case millm
        /// miLLM's older export, with everything at the top; read by the same.
        case flat
        /// A profile file of version 1.
        case yaml

        fileprivate var form: ProfileExport {
            switch self {
            case .millm: .envelope
            case .flat: .flat
            case .yaml: .yaml
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a profile in a form for other programs.",
        discussion: """
            Writes to standard output, or with --output into a file: whole or not at all, and over one that is \
            there already only with --force. 'millm' is the JSON that miLLM exports and imports, 'flat' its shape \
            with everything at the top, 'yaml' a profile file of version 1 without the comments. 'millm import' reads \
            all of them.

            EXAMPLES:
              millm export pirate > pirate.json
              millm export pirate --to flat
              millm export pirate --to yaml --output /tmp/pirate.yaml

            EXIT CODES:
              1  there is no such profile, it has errors, or the file is there already
              2  the file cannot be written
            """
    )

    @OptionGroup
    var profile: ProfileArgument

    @Option(help: ArgumentHelp("The form: millm, flat or yaml.", valueName: "form"))
    var to: Target = .millm

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("The file to write; '-' is standard output.", valueName: "file"),
        completion: .file()
    )
    var output: String?

    @Flag(name: [.short, .long], help: "Replace the file that --output names if it is there.")
    var force = false

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let workspace = try session.workspace
        let file = try await workspace.soleProfile(profile.id)
        let bytes = try await workspace.service.export(file.id, as: to.form, at: .now())
        guard let output, output != "-" else {
            try session.console.write(bytes, to: .output)
            return .success
        }
        if force { try OutputFile(output).replace(bytes) } else { try OutputFile(output).create(bytes) }
        if session.format == .json {
            try session.print(json: ["profile_id": .string(file.id.description), "file": .string(output)])
        } else {
            let readers = to == .yaml ? "'millm import' reads" : "miLLM and 'millm import' read"
            try session.confirm("'\(file.id)' was exported to '\(output.escapedForDisplay)', which \(readers).")
        }
        return .success
    }
}
