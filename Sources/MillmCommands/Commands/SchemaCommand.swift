import ArgumentParser
import Profiles

/// `millm schema`
struct SchemaCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema of a profile.",
        discussion: """
            With it an editor completes keys and marks mistakes while you type: 'millm new' writes a first line \
            into every file by which editors with yaml-language-server find it (VS Code, Neovim, Helix, Zed …).

            EXAMPLES:
              millm schema > profile.schema.json
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        try session.console.write(ProfileJSONSchema.text, to: .output)
        return .success
    }
}
