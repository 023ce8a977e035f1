import Profiles

extension DirectorySnapshot {
    /// All files with all findings, sorted by display name without regard to case.
    ///
    /// - Parameter path: The directory as the user named it, for the findings.
    mutating func files(in path: String) -> [ProfileFile] {
        if let ordered { return ordered }
        // A file whose profile is taken away by a finding is sorted by its id.
        var found: [FileName: [Diagnostic]] = [:]
        var keyed: [(key: String, entry: Entry)] = []
        keyed.reserveCapacity(entries.count)
        for entry in entries.values {
            let findings = findings(about: entry, in: path)
            if !findings.isEmpty { found[FileName(entry.file.fileName)] = findings }
            let isError = findings.contains { $0.severity == .error }
            let name = isError ? entry.file.id.description : entry.file.displayName
            keyed.append((name.lowercased(), entry))
        }
        keyed.sort { ($0.key, $0.entry.file.fileName) < ($1.key, $1.entry.file.fileName) }
        let files = keyed.map { _, entry in
            var file = entry.file
            if !found.isEmpty, let findings = found[FileName(file.fileName)] { file.decoded.add(findings) }
            return file
        }
        ordered = files
        return files
    }

    /// The findings that come from other files: which of them claim the same id or the same display name.
    private func findings(about entry: Entry, in path: String) -> [Diagnostic] {
        let file = entry.file
        let twins = others(names.byID[file.id], than: entry)
        let namesakes = others(file.profile.flatMap { names.byDisplayName[$0.name] }, than: entry)
            .filter { $0.id != file.id }
        guard !twins.isEmpty || !namesakes.isEmpty else { return [] }
        var findings: [Diagnostic] = []
        if !twins.isEmpty {
            let others = twins.map { Self.display($0, path) }
            findings.append(.duplicateID(file.id, file: Self.display(file, path), others: others))
        }
        if !namesakes.isEmpty { findings.append(Self.finding(about: file, sharingItsNameWith: namesakes, in: path)) }
        return findings
    }

    /// A file that is being renamed has two names for a moment, and is not another one.
    private func others(_ names: [FileName]?, than entry: Entry) -> [ProfileFile] {
        guard let names, names.count > 1 else { return [] }
        return names.sorted().compactMap { entries[$0] }
            .filter { !$0.identity.isSameFile(as: entry.identity) }
            .map(\.file)
    }

    /// A warning, not an error: a copied file must not take the profile away that it was copied from.
    private static func finding(
        about file: ProfileFile,
        sharingItsNameWith others: [ProfileFile],
        in path: String
    ) -> Diagnostic {
        Diagnostic(
            .duplicateName,
            "the name '\(file.displayName.escapedForDisplay)' belongs to \(others.count == 1 ? "two" : "\(others.count + 1)") profiles",
            at: SourceLocation(file: display(file, path), range: file.decoded.ranges.name),
            severity: .warning,
            related: others.map { other in
                Diagnostic.Related(
                    message: others.count == 1 ? "the other one" : "another one",
                    location: SourceLocation(file: display(other, path), range: other.decoded.ranges.name)
                )
            }
        )
    }

    private static func display(_ file: ProfileFile, _ path: String) -> String {
        path.hasSuffix("/") ? path + file.fileName : path + "/" + file.fileName
    }
}
