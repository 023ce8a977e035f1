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

    /// The process' own console and environment.
    package static var process: CommandContext {
        CommandContext(console: StandardConsole(), environment: ProcessInfo.processInfo.environment)
    }
}
