import ArgumentParser
import FoundationEssentials
import ProfileDirectory
import Profiles
import Steering

extension CompletionKind {
    /// The ids of the directory's profiles.
    static var profileIDs: CompletionKind {
        .custom { words, _, _ in CompletionWords(words).profileIDs.map(\.escapedForCompletion) }
    }

    /// The features of the profile that the command line names, with their strengths: `316=45.0`.
    static var assignments: CompletionKind {
        .custom { words, _, _ in CompletionWords(words).assignments.map(\.escapedForCompletion) }
    }

    /// The features of the profile that the command line names.
    static var featureIndices: CompletionKind {
        .custom { words, _, _ in CompletionWords(words).featureIndices.map(\.escapedForCompletion) }
    }

    /// The labels of the SAE's features.
    static var featureLabels: CompletionKind {
        .custom { words, _, _ in CompletionWords(words).featureLabels.map(\.escapedForCompletion) }
    }

    /// How far back there is what, for `millm rollback`.
    static var rollbackSteps: CompletionKind {
        .custom { words, _, _ in CompletionWords(words).rollbackSteps }
    }

    /// The numbers of the history's entries.
    static var historyEntries: CompletionKind {
        .custom { words, _, _ in CompletionWords(words).historyEntries { _ in true } }
    }

    /// The numbers of the history's entries whose bytes can be shown.
    static var historyEntriesWithBytes: CompletionKind {
        .custom { words, _, _ in CompletionWords(words).historyEntries { $0.digest != nil } }
    }

    /// The formats that the command on the command line can write.
    static var formats: CompletionKind {
        .custom { words, _, _ in CompletionWords(words).formats.map(\.rawValue) }
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

    /// Nothing is read but names: a broken profile has an id, too. Of files that share an id it is the whole names.
    var profileIDs: [String] {
        let names = FilePlace.names(in: directory)
        let byID = Dictionary(grouping: names) { ProfileID(fileName: $0) }
        return byID.flatMap { id, names in
            id.map { names.count == 1 ? [$0.description] : names } ?? []
        }.sorted()
    }

    var templates: [String] {
        TemplateShelf(besides: directory, environment: environment).names
    }

    var assignments: [String] {
        steering.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    /// Those that the command line does not name yet.
    var featureIndices: [String] {
        steering.keys.sorted().map(String.init).filter { !words.dropLast().contains($0) }
    }

    var featureLabels: [String] {
        guard let place = try? SAEPlace(option: value(of: "--sae"), environment: environment) else { return [] }
        return Set((try? place.open().features.labelled)?.compactMap(\.feature.label) ?? []).sorted()
    }

    /// Each with the profile that was applied then, and when.
    var rollbackSteps: [String] {
        let applied = (try? history?.applied()) ?? []
        return applied.enumerated().map { step, entry in String(step).forCompletion(remark: entry.remark) }
    }

    /// The newest first, each with its profile and time.
    func historyEntries(where isWanted: (HistoryEntry) -> Bool) -> [String] {
        let entries = (try? history?.entries()) ?? []
        return entries.filter(isWanted).map { String($0.number).forCompletion(remark: $0.remark) }
    }

    var formats: [OutputFormat] {
        words.contains(ValidateCommand._commandName) ? ValidateCommand.formats : ListCommand.formats
    }

    private var history: AppliedHistory? {
        let state = try? StateDirectory(forProfilesIn: directory, environment: environment)
        return state.flatMap { $0.rival == nil ? AppliedHistory(in: $0) : nil }
    }

    /// The strengths of the profile that is named first, by feature index; none if its file has errors.
    private var steering: [Int: Double] {
        let files = FilePlace.names(in: directory)
        let arguments = words.drop { $0 != "set" && $0 != "unset" }.dropFirst()
        let names = arguments.lazy.compactMap { word -> String? in
            let word = unquoted(word[...])
            return files.first { $0 == word || ProfileID(fileName: $0)?.description == word }
        }
        guard let name = names.first else { return [:] }
        let path = "\(directory)/\(name)"
        // A link that leaves the directory is not read here, either.
        guard let folder = FilePlace.real(directory), FilePlace.real(path)?.hasPrefix(folder + "/") == true,
            let bytes = SourceFile.bytes(of: path)
        else { return [:] }
        return ProfileDecoder.decode(bytes, file: path).profile?.steering ?? [:]
    }

    /// The directory of profiles that the command line names.
    private var directory: String {
        if let named = value(of: "--profiles") { return named }
        let variable = environment["MILLM_PROFILES"] ?? ""
        return variable.isEmpty ? GlobalOptions.defaultDirectory : variable
    }

    /// The value of an option; nil if it is not on the command line.
    private func value(of option: String) -> String? {
        for (index, word) in words.enumerated() {
            if word.hasPrefix(option + "=") { return unquoted(word.dropFirst(option.count + 1)) }
            guard word == option else { continue }
            let value = words[(index + 1)...].first { $0 != "=" }
            if let value { return unquoted(value[...]) }
        }
        return nil
    }

    private func unquoted(_ word: Substring) -> String {
        let text = word.filter { !"\"'\\".contains($0) }
        guard text == "~" || text.hasPrefix("~/"), let home = environment["HOME"] else { return text }
        return home + text.dropFirst()
    }
}

extension HistoryEntry {
    /// `pirate, 2026-01-30 12:00`
    fileprivate var remark: String {
        "\(id?.description.escapedForDisplay ?? "no profile"), \(at.localMinute)"
    }
}

extension String {
    /// The text with a remark behind it, where the shell that asks shows such.
    fileprivate func forCompletion(remark: String) -> String {
        switch CompletionShell.requesting {
        case CompletionShell.zsh: escapedForCompletion + ":" + remark
        case CompletionShell.fish: escapedForCompletion + "\t" + remark
        default: escapedForCompletion
        }
    }

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
