import ArgumentParser
import Profiles

/// The whole of `millm`, from arguments to exit code.
package enum MillmTool {
    /// Runs one command line.
    ///
    /// - Parameter arguments: The arguments without the program's name.
    /// - Returns: The process' exit code: 0 fine, 1 findings or refused, 2 wrong usage or I/O, 3 saved but
    ///   rejected by the daemon.
    package static func run(_ arguments: [String], in context: CommandContext) async -> Int32 {
        do {
            try CommandNames.check(arguments)
            try WaitOption.checkValues(in: arguments)
            try CommandNames.checkDashes(arguments)
            let command = try Millm.parseAsRoot(CommandNames.separatingEmptyDescription(arguments))
            guard let command = command as? any MillmCommand else {
                var command = command
                try command.run()
                return ExitCode.success.rawValue
            }
            let session = Session(context: context, options: command.global)
            return await run(command, in: session).rawValue
        } catch {
            return answer(unknownOption(behind: error, in: arguments) ?? error, to: arguments, in: context).rawValue
        }
    }

    /// That there is no such option, where the parser misses an argument first; nil if all options are known.
    private static func unknownOption(behind error: any Error, in arguments: [String]) -> (any Error)? {
        guard Millm.message(for: error).hasPrefix("Missing expected argument") else { return nil }
        for missing in [["0"], ["0", "0"]] {
            do {
                _ = try Millm.parseAsRoot(arguments + missing)
            } catch {
                if Millm.message(for: error).hasPrefix("Unknown option") { return error }
            }
        }
        return nil
    }

    /// Says why a command line cannot be read at all.
    ///
    /// - Returns: The process' exit code.
    package static func refuse(_ message: String, in context: CommandContext) -> Int32 {
        // Nowhere is left to report that standard error cannot be written.
        try? context.console.write("error: \(message)\n", to: .error)
        return ExitCode.usage.rawValue
    }

    private static func run(_ command: some MillmCommand, in session: Session) async -> ExitCode {
        do {
            return try await command.run(in: session)
        } catch let error as CommandFailure {
            session.report(error)
            return error.exitCode
        } catch let error as ProfileError {
            var failure = CommandFailure(error)
            if error.code == .alreadyExists, let advice = command.adviceIfTaken {
                failure.message += " " + advice
            }
            session.report(failure)
            return failure.exitCode
        } catch ConsoleError.closedPipe {
            return .success
        } catch {
            session.report(CommandFailure(.usage, "IO_ERROR", String(describing: error)))
            return .usage
        }
    }

    /// Writes what the parser has to say: help that was asked for, or what is wrong with the command line.
    private static func answer(
        _ error: any Error,
        to arguments: [String],
        in context: CommandContext
    ) -> ExitCode {
        let isHelp = Millm.exitCode(for: error).isSuccess
        if !isHelp, value(of: "--format", in: arguments) == OutputFormat.json.rawValue {
            let failure = CommandFailure.usage(Millm.message(for: error))
            // Nowhere is left to report that standard error cannot be written.
            try? context.console.write(failure.json.text() + "\n", to: .error)
            return failure.exitCode
        }
        let stream: ConsoleStream = isHelp ? .output : .error
        let terminal = context.terminal(behind: stream)
        // The parser's own column of explanations begins at the 27th; a terminal that has not many more breaks the lines.
        let message = Millm.fullMessage(for: error, columns: max(40, terminal?.columns ?? 100))
        var text = CompletionScript.completed(ownOptionsFirst(message))
        // As the messages of the commands begin.
        if text.hasPrefix("Error:") {
            let choice = value(of: "--color", in: arguments).flatMap(ColorChoice.init) ?? .auto
            let style = Style(choice, on: terminal, environment: context.environment)
            text = style(.bad, "error:") + text.dropFirst("Error:".count)
        }
        do {
            try context.console.write(text.hasSuffix("\n") ? text : text + "\n", to: stream)
        } catch ConsoleError.closedPipe {
            return .success
        } catch {
            // Nowhere is left to report that standard error cannot be written.
            try? context.console.write("error: \(error)\n", to: .error)
            return .usage
        }
        return isHelp ? .success : .usage
    }

    /// A help text with a command's own options before those that all commands have; another text stays as it is.
    private static func ownOptionsFirst(_ text: String) -> String {
        let body = text.hasSuffix("\n") ? text.dropLast() : text[...]
        var blocks = body.split(separator: "\n\n", omittingEmptySubsequences: false)
        if let shared = blocks.firstIndex(where: { $0.hasPrefix("GLOBAL OPTIONS:") }),
            let own = blocks.firstIndex(where: { $0.hasPrefix("OPTIONS:") }), shared < own
        {
            blocks.swapAt(shared, own)
            return blocks.joined(separator: "\n\n")
        }
        return text
    }

    /// The value of an option on a command line that could not be parsed.
    private static func value(of option: String, in arguments: [String]) -> String? {
        let options = arguments.prefix { $0 != "--" }
        let joined = options.last { $0.hasPrefix(option + "=") }.map { String($0.dropFirst(option.count + 1)) }
        return joined ?? options.lastIndex(of: option).flatMap { options.dropFirst($0 + 1).first }
    }
}
