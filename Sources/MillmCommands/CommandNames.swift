import ArgumentParser
import Profiles

/// The names of `millm`'s commands.
enum CommandNames {
    /// The names that a person may type, aliases included.
    static var all: [String] { names(shown: true) }

    /// Names that are understood but not told of.
    private static var others: [String] { ["help"] + names(shown: false) }

    private static func names(shown: Bool) -> [String] {
        var names: [String] = []
        for command in Millm.configuration.subcommands where command.configuration.shouldDisplay == shown {
            names += [command._commandName] + command.configuration.aliases
        }
        return names
    }

    /// The options that stand before a command's name and have a value of their own.
    private static let optionsWithValue: Set<String> = ["--profiles", "--format", "--color"]

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
            guard !all.contains(word), !others.contains(word) else { return }
            let near = Suggestion.nearest(to: word, in: all).map { " Did you mean '\($0)'?" } ?? ""
            throw ValidationError("There is no command '\(word.escapedForDisplay)'.\(near)")
        }
    }
}
