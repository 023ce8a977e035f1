import Profiles

extension DirectorySnapshot {
    /// All files with all findings, sorted by display name without regard to case.
    ///
    /// - Parameter path: The directory as the user named it, for the findings.
    func files(in path: String) -> [ProfileFile] {
        let clashes = Clashes(entries.values, path: path)
        return entries.values
            .map { entry in
                var file = entry.file
                file.decoded.add(clashes.findings(about: entry))
                return (key: file.displayName.lowercased(), file: file)
            }
            .sorted { ($0.key, $0.file.fileName) < ($1.key, $1.file.fileName) }
            .map(\.file)
    }
}

/// Which files claim the same id or the same display name.
private struct Clashes {
    private var byID: [ProfileID: [DirectorySnapshot.Entry]] = [:]
    private var byName: [String: [DirectorySnapshot.Entry]] = [:]
    private let path: String

    init(_ entries: some Sequence<DirectorySnapshot.Entry>, path: String) {
        self.path = path
        for entry in entries {
            byID[entry.file.id, default: []].append(entry)
            if let profile = entry.file.profile { byName[profile.name, default: []].append(entry) }
        }
    }

    func findings(about entry: DirectorySnapshot.Entry) -> [Diagnostic] {
        let file = entry.file
        // A file that is being renamed has two names for a moment.
        let others = { (candidates: [DirectorySnapshot.Entry]?) in
            (candidates ?? []).filter { !$0.identity.isSameFile(as: entry.identity) }.map(\.file)
        }
        let twins = others(byID[file.id]).filter { $0.fileName != file.fileName }
        let namesakes = others(file.profile.flatMap { byName[$0.name] }).filter { $0.id != file.id }
        return twins.map { .duplicateID(file.id, file: display(file), other: display($0)) }
            + namesakes.map { finding(about: file, sharingItsNameWith: $0) }
    }

    /// A warning, not an error: a copied file must not take the profile away that it was copied from.
    private func finding(about file: ProfileFile, sharingItsNameWith other: ProfileFile) -> Diagnostic {
        Diagnostic(
            .duplicateName,
            "the name '\(file.displayName.escapedForDisplay)' belongs to two profiles",
            at: SourceLocation(file: display(file), range: file.decoded.ranges.name),
            severity: .warning,
            related: [
                Diagnostic.Related(
                    message: "the other one",
                    location: SourceLocation(file: display(other), range: other.decoded.ranges.name)
                )
            ]
        )
    }

    private func display(_ file: ProfileFile) -> String {
        path.hasSuffix("/") ? path + file.fileName : path + "/" + file.fileName
    }
}
