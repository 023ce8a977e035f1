import ArgumentParser
import Profiles

/// The names of `millm`'s commands.
enum CommandNames {
    /// The names that help and the manual show.
    static var shown: [String] {
        var names: [String] = []
        for command in Millm.configuration.subcommands where command.configuration.shouldDisplay {
            names.append(command._commandName)
        }
        return names
    }

    /// The other names of commands, each with the command's own.
    static var aliases: [(alias: String, name: String)] {
        var aliases: [(String, String)] = []
        for command in Millm.configuration.subcommands {
            aliases += command.configuration.aliases.map { ($0, command._commandName) }
        }
        return aliases
    }

    /// The names that a person may type, aliases included.
    private static var all: [String] { shown + aliases.map(\.alias) }

    /// Names that are understood but not told of.
    private static let others: Set<String> = ["manual"]

    /// The options that stand before a command's name and have a value of their own.
    private static let optionsWithValue: Set<String> = [
        "--profiles", "--format", "--color", "--generate-completion-script",
    ]

    /// Refuses a command that does not exist, with what may have been meant.
    static func check(_ arguments: [String]) throws(ValidationError) {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            // The parser's own requests begin with dashes, too.
            if word.hasPrefix("---") || word == "--" { return }
            if word.hasPrefix("-") {
                if optionsWithValue.contains(word) { rest = rest.dropFirst() }
                continue
            }
            // 'millm help lst' means a command, too.
            if word == "help" { continue }
            guard !all.contains(word), !others.contains(word) else { return }
            let meant = word == "version" ? "--version" : Spelling.nearest(to: word, among: all)
            let near = meant.map { " Did you mean '\($0)'?" } ?? ""
            throw ValidationError("There is no command '\(word.escapedForDisplay)'.\(near)")
        }
    }

    /// Gives an empty description a word of its own: the parser takes `--description=` for a question.
    static func separatingEmptyDescription(_ arguments: [String]) -> [String] {
        let options = arguments.prefix { $0 != "--" }
        let separated = options.flatMap { $0 == "--description=" ? ["--description", ""] : [$0] }
        return separated + arguments[options.endIndex...]
    }

    /// The letters of the flags that may be joined, as in `-qf`.
    private static let flags: Set<Character> = ["q", "h", "f", "a", "y"]

    /// Refuses an option without its value, and a word such as `-draft`, which somebody means as an id or a file: its letters would be taken for
    /// flags, and one of them may ask for help.
    static func checkDashes(_ arguments: [String]) throws(ValidationError) {
        for word in arguments.prefix(while: { $0 != "--" }) where word.hasPrefix("--") {
            // As in --profiles=$UNSET, which the parser would take for a question. Only a description may be empty.
            guard word.firstIndex(of: "=") == word.indices.last, word != "--description=" else { continue }
            throw ValidationError("'\(word.escapedForDisplay)' has no value behind it.")
        }
        for word in arguments.prefix(while: { $0 != "--" }) where word.count > 1 && word.hasPrefix("-") {
            let letters = word.dropFirst()
            let isNumber = letters.first?.isNumber == true
            // The parser knows about a single letter itself.
            guard word.count > 2 || isNumber else { continue }
            guard !word.hasPrefix("--"), !letters.allSatisfy(flags.contains) else { continue }
            if isNumber, letters.contains("=") {
                throw ValidationError(
                    "'\(word.escapedForDisplay)' begins with no feature index: they are counted from 0, without a sign."
                )
            }
            let advice = "If it is an id or a file, put '--' before it, or './' in front of a file's name."
            let start = isNumber ? "is no option, and numbers have no sign here" : "is no option"
            throw ValidationError("'\(word.escapedForDisplay)' \(start). \(advice)")
        }
    }
}
