import ArgumentParser
import FoundationEssentials
import Profiles

/// `millm manual`, for the installation: writes the manual pages.
struct ManualCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Writes the manual pages into a directory.",
        discussion: """
            A page for the program and one for each command, made from the texts that --help shows. With --from \
            the pages of another program, from what it prints with --experimental-dump-help.
            """,
        shouldDisplay: false
    )

    @Argument(help: "The directory, which must be there.", completion: .directory)
    var directory: String

    @Option(help: "A description of another program; '-' is standard input.")
    var from: String?

    @Option(help: "The day to print on the pages.")
    var date = ""

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let tool = try JSONDecoder().decode(ToolDescription.self, from: Data(description(in: session)))
        let program = ManualPage.Program(name: tool.command.commandName, version: Product.version, date: date)
        var pages = [ManualPage(of: tool.command, program: program)]
        pages += tool.command.shownSubcommands.map { ManualPage(of: $0, below: tool.command, program: program) }
        for page in pages { try OutputFile("\(directory)/\(page.fileName)").replace(Array(page.text.utf8)) }
        try session.confirm("\(pages.count.counted("page")) written to '\(directory)'.")
        return .success
    }

    private func description(in session: Session) throws -> [UInt8] {
        switch from {
        case nil: Array(Millm._dumpHelp().utf8)
        case "-": try session.console.readStandardInput(limit: SourceFile.limit)
        case let path?: try SourceFile.read(path)
        }
    }
}
