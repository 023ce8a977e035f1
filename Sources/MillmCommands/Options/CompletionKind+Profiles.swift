import ArgumentParser
import FoundationEssentials
import ProfileDirectory
import Profiles

extension CompletionKind {
    /// The ids of the directory's profiles.
    static var profileIDs: CompletionKind {
        .custom { words, _, _ in CompletionWords(words).profileIDs.map(\.escapedForCompletion) }
    }

    /// The names of the templates.
    static var templates: CompletionKind {
        .custom { words, _, _ in CompletionWords(words).templates.map(\.escapedForCompletion) }
    }
}

/// A command line that is being typed, as far as completion needs it.
struct CompletionWords {
    private let words: [String]
    private let environment: [String: String]

    /// - Parameter words: As the shell has them: quotes and tildes are still there, and bash parts words at `=`.
    init(_ words: [String], environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.words = words
        self.environment = environment
    }

    /// Nothing is read but names: completion must be fast, and a broken profile has an id, too.
    var profileIDs: [String] {
        Set(FilePlace.names(in: directory).compactMap { ProfileID(fileName: $0)?.description }).sorted()
    }

    var templates: [String] {
        TemplateShelf(besides: directory, environment: environment).names
    }

    /// The directory of profiles that the command line names.
    private var directory: String {
        for (index, word) in words.enumerated() {
            if word.hasPrefix("--profiles=") { return unquoted(word.dropFirst("--profiles=".count)) }
            guard word == "--profiles" else { continue }
            let value = words[(index + 1)...].first { $0 != "=" }
            if let value { return unquoted(value[...]) }
        }
        let variable = environment["MILLM_PROFILES"] ?? ""
        return variable.isEmpty ? GlobalOptions.defaultDirectory : variable
    }

    private func unquoted(_ word: Substring) -> String {
        let text = word.filter { !"\"'\\".contains($0) }
        guard text == "~" || text.hasPrefix("~/"), let home = environment["HOME"] else { return text }
        return home + text.dropFirst()
    }
}

extension String {
    /// The text so that the script for the shell that asks hands it on as it is.
    fileprivate var escapedForCompletion: String {
        switch CompletionShell.requesting {
        case CompletionShell.bash:
            // compgen expands its words as the shell does: a '$(…)' in a file's name would be run.
            let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./+@%,:")
            return map { plain.contains($0) || !$0.isASCII ? String($0) : "\\\($0)" }.joined()
        case CompletionShell.zsh:
            // What follows a colon would be a description.
            return replacing("\\", with: "\\\\").replacing(":", with: "\\:")
        default:
            return self
        }
    }
}
