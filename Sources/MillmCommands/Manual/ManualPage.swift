/// A manual page, made from a command's own description, in the macros of man(7).
struct ManualPage {
    /// What the pages of one program share.
    struct Program {
        var name: String
        var version: String
        /// The day that the page is of, as `2026-01-30`; empty if it shall not tell.
        var date: String
    }

    private let program: Program
    private let command: CommandDescription
    /// Nil for the page of the program itself.
    private let parent: CommandDescription?

    init(of command: CommandDescription, below parent: CommandDescription? = nil, program: Program) {
        self.program = program
        self.command = command
        self.parent = parent
    }

    /// `millm-activate`
    var name: String { parent.map { "\($0.commandName)-\(command.commandName)" } ?? command.commandName }

    var fileName: String { name + ".1" }

    private var invocation: String { parent.map { "\($0.commandName) \(command.commandName)" } ?? command.commandName }

    /// The page as a file.
    var text: String {
        let help = HelpText(command.discussion ?? "")
        var lines = [
            ".TH \"\(escaped(name.uppercased()))\" \"1\" \"\(program.date)\""
                + " \"\(program.name) \(program.version)\" \"miLLM Profiles\"",
            ".SH NAME", "\(escaped(name)) \\- \(escaped(command.abstract ?? "").withoutFullStop)",
            ".SH SYNOPSIS", synopsis,
            ".SH DESCRIPTION",
        ]
        let paragraphs = help.paragraphs.isEmpty ? [command.abstract ?? ""] : help.paragraphs
        lines.append(paragraphs.map(running).joined(separator: "\n.PP\n"))
        if let aliases = command.aliases, !aliases.isEmpty {
            lines += [".PP", running("It is also called \(aliases.map { "'\($0)'" }.joined(separator: " and ")).")]
        }
        lines += options + commands
        lines += help.sections.flatMap(section)
        lines += seeAlso
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: - Its parts

    private var synopsis: String {
        var parts = [".B \(escaped(invocation))"]
        for argument in (command.arguments ?? []).filter({ $0.shouldDisplay && !isGlobal($0) }) {
            parts.append(usage(of: argument))
        }
        if !command.shownSubcommands.isEmpty { parts.append("\\fIcommand\\fR [\\fIarguments\\fR]") }
        return parts.joined(separator: "\n")
    }

    /// Options that all commands share, and those that every program has.
    private func isGlobal(_ argument: CommandDescription.Argument) -> Bool {
        let own = parent == nil ? [] : ["version"]
        return (parent != nil && argument.sectionTitle == "Global options")
            || ((own + ["help"]).contains(argument.preferredName?.name ?? ""))
    }

    private func usage(of argument: CommandDescription.Argument) -> String {
        let value = "\\fI\(escaped(argument.valueName ?? "value"))\\fR"
        let name = "\\fB\(escaped(argument.preferredName?.text ?? ""))\\fR"
        let form =
            switch argument.kind {
            case "flag": name
            case "option": name + (argument.isValueOptional ? " [\(value)]" : " \(value)")
            default: value
            }
        return (argument.isOptional ? "[\(form)]" : form) + (argument.isRepeating ? " ..." : "")
    }

    private var options: [String] {
        command.sections.flatMap { section -> [String] in
            let shown = section.arguments.filter { !isGlobal($0) }
            guard !shown.isEmpty else { return [] }
            return [".SH \(escaped((section.title ?? "Options").uppercased()))"] + shown.flatMap(item)
        }
    }

    private func item(_ argument: CommandDescription.Argument) -> [String] {
        let value = argument.kind == "flag" ? "" : "\\fI\(escaped(argument.valueName ?? "value"))\\fR"
        let names = (argument.names ?? []).map { "\\fB\(escaped($0.text))\\fR" }.joined(separator: ", ")
        let term =
            names.isEmpty
            ? value : names + (value.isEmpty ? "" : argument.isValueOptional ? " [\(value)]" : " \(value)")
        let remarks = [
            argument.allValues.map { "Values: \($0.joined(separator: ", "))." },
            argument.defaultValue.map { argument.isValueOptional ? "Alone it means \($0)." : "Default: \($0)." },
        ]
        let text = [argument.abstract, argument.discussion] + remarks
        return [".TP", term, running(text.compactMap(\.self).joined(separator: " "))]
    }

    private var commands: [String] {
        guard !command.shownSubcommands.isEmpty else { return [] }
        return [".SH COMMANDS"]
            + command.shownSubcommands.flatMap { subcommand in
                [".TP", reference(to: "\(command.commandName)-\(subcommand.commandName)")]
                    + [running(subcommand.abstract ?? "")]
            }
    }

    private func section(_ section: HelpText.Section) -> [String] {
        let title = section.title == "EXIT CODES" ? "EXIT STATUS" : section.title
        let heading = ".SH \(escaped(title))"
        if section.title != "EXAMPLES", let definitions = section.definitions {
            return [heading] + definitions.flatMap { [".TP", ".B \(escaped($0.term))", running($0.meaning)] }
        }
        return [heading, ".nf", ".RS 4"] + section.lines.map(protected) + [".RE", ".fi"]
    }

    private var seeAlso: [String] {
        guard let parent else { return [] }
        return [".SH SEE ALSO", reference(to: parent.commandName)]
            + [running("tells of the options that all commands share, of the environment and of exit codes.")]
    }

    private func reference(to page: String) -> String { ".BR \(escaped(page)) (1)" }

    // MARK: - Text

    /// Text that the formatter fills into lines of its own; a sentence begins a line, as it wants them.
    private func running(_ text: String) -> String {
        var lines: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace).map(String.init) {
            let isNew = lines.last.map { $0.hasSuffix(".") || $0.utf8.count + escaped(word).utf8.count > 78 } ?? true
            if isNew { lines.append(protected(word)) } else { lines[lines.count - 1] += " " + escaped(word) }
        }
        return lines.joined(separator: "\n")
    }

    private func protected(_ line: String) -> String {
        let text = escaped(line)
        return text.hasPrefix(".") || text.hasPrefix("'") || text.hasPrefix("\\(aq") ? "\\&" + text : text
    }

    private func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("'", with: "\\(aq")
            .replacing("…", with: "...").replacing("\"", with: "\\(dq")
    }
}

extension String {
    fileprivate var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
