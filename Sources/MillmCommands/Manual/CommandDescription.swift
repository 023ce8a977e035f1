/// A command as the argument parser describes it to programs: what `--experimental-dump-help` prints.
struct CommandDescription: Decodable {
    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String

            /// `-q`, `--quiet`
            var text: String { (kind == "long" ? "--" : "-") + name }
        }

        /// `positional`, `option` or `flag`.
        var kind: String
        var shouldDisplay: Bool
        var sectionTitle: String?
        var isOptional: Bool
        var isRepeating: Bool
        var parsingStrategy: String
        var names: [Name]?
        var preferredName: Name?
        var valueName: String?
        var defaultValue: String?
        var allValues: [String]?
        var abstract: String?
        var discussion: String?

        /// Whether it is an option that may also stand alone, as `--wait`.
        var isValueOptional: Bool { kind == "option" && parsingStrategy == "scanningForValue" }
    }

    var commandName: String
    var shouldDisplay: Bool
    var abstract: String?
    var discussion: String?
    var aliases: [String]?
    var subcommands: [CommandDescription]?
    var arguments: [Argument]?

    /// The commands that people are told of, without the parser's own `help`.
    var shownSubcommands: [CommandDescription] {
        (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
    }

    /// The arguments that people are told of, by section; those without a title first.
    var sections: [(title: String?, arguments: [Argument])] {
        var sections: [(title: String?, arguments: [Argument])] = [(nil, [])]
        for argument in arguments ?? [] where argument.shouldDisplay {
            if let index = sections.firstIndex(where: { $0.title == argument.sectionTitle }) {
                sections[index].arguments.append(argument)
            } else {
                sections.append((argument.sectionTitle, [argument]))
            }
        }
        return sections
    }
}

/// The whole of such a description.
struct ToolDescription: Decodable {
    var command: CommandDescription
}
