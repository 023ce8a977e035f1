import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm export`
struct ExportCommand: MillmCommand {
    /// A format to export to.
    enum Target: String, CaseIterable, ExpressibleByArgument {
        /// miLLM's export, which its import and this program read.
        case millm
        /// A profile file of version 1.
        case yaml
    }

    static let formats: [OutputFormat] = [.human]

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a profile in a form for other programs.",
        discussion: """
            Writes to standard output, or with --output into a file, which must not be there yet.

            EXAMPLES:
              millm export pirate > pirate.json
              millm export pirate --to yaml --output /tmp/pirate.yaml
            """
    )

    @Argument(help: "The profile's id, or its file in the directory.", completion: .profileIDs)
    var id: String

    @Option(help: "The format: millm or yaml.")
    var to: Target = .millm

    @Option(name: [.short, .long], help: "The file to write.", completion: .file())
    var output: String?

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let file = try await session.workspace.profile(id)
        guard let profile = file.profile else {
            throw ProfileError(
                .invalidFormat,
                "'\(file.id)' cannot be exported: its file has errors.",
                diagnostics: file.diagnostics
            )
        }
        let bytes =
            switch to {
            case .millm: ProfileEncoder.millmEnvelope(profile, exportedAt: .now())
            case .yaml: ProfileEncoder.yaml(profile)
            }
        guard let output else {
            try session.console.write(String(decoding: bytes, as: UTF8.self), to: .output)
            return .success
        }
        try SourceFile.create(output, bytes)
        try session.confirm("'\(file.id)' was exported to '\(output)'.")
        return .success
    }
}
