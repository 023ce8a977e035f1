import Profiles

extension DirectorySnapshot {
    /// All files with all findings, sorted by display name without regard to case.
    ///
    /// - Parameter path: The directory as the user named it, for the findings.
    func files(in path: String) -> [ProfileFile] {
        let clashes = Clashes(entries.values.map(\.file), path: path)
        return entries.values
            .map { entry in
                var file = entry.file
                file.decoded.add(clashes.findings(about: file))
                return (key: file.displayName.lowercased(), file: file)
            }
            .sorted { ($0.key, $0.file.fileName) < ($1.key, $1.file.fileName) }
            .map(\.file)
    }
}

/// Which files claim the same id or the same display name.
private struct Clashes {
    private var byID: [ProfileID: [ProfileFile]] = [:]
    private var byName: [String: [ProfileFile]] = [:]
    private let path: String

    init(_ files: [ProfileFile], path: String) {
        self.path = path
        for file in files {
            byID[file.id, default: []].append(file)
            if let profile = file.profile { byName[profile.name, default: []].append(file) }
        }
    }

    func findings(about file: ProfileFile) -> [Diagnostic] {
        let twins = byID[file.id, default: []].filter { $0.fileName != file.fileName }
        let namesakes = file.profile.map { byName[$0.name, default: []].filter { $0.id != file.id } } ?? []
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
