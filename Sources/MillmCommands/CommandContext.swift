import FoundationEssentials

/// What a command sees of the world around its process.
package struct CommandContext: Sendable {
    /// Where it reads from and writes to.
    package var console: any Console
    /// The environment's variables.
    package var environment: [String: String]

    package init(console: any Console, environment: [String: String]) {
        self.console = console
        self.environment = environment
    }

    /// What is known of the terminal behind a stream, whose width `COLUMNS` may tell; nil if there is none.
    func terminal(behind stream: ConsoleStream) -> Terminal? {
        guard let terminal = console.terminal(behind: stream) else { return nil }
        guard let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 else { return terminal }
        return Terminal(columns: min(columns, 10_000))
    }

    /// The process' own console and environment.
    package static var process: CommandContext {
        CommandContext(console: StandardConsole(), environment: ProcessInfo.processInfo.environment)
    }
}
