import ArgumentParser
import ProfileDirectory
import Profiles
import Reconciliation

extension Session {
    /// Changes a profile's file and tells what it holds now.
    ///
    /// - Parameters:
    ///   - limit: How long to wait for the daemon, if the profile is the active one; nil does not wait.
    ///   - makeChanges: Tells what to change of the profile as it is; called again if somebody else was faster.
    /// - Throws: `.invalidFormat` if the file has errors, `.conflict` if others change it all the time, what the
    ///   repository refuses, and what `makeChanges` throws.
    func edit(
        _ reference: String,
        waiting limit: WaitLimit?,
        _ makeChanges: (Profile) throws -> ProfileChanges
    ) async throws -> ExitCode {
        let workspace = try workspace
        let file = try await workspace.soleProfile(reference)
        guard let profile = file.profile else {
            throw ProfileError(
                .invalidFormat,
                "'\(file.id)' was not changed: its file has errors. Mend them first.",
                diagnostics: file.diagnostics
            )
        }
        let changes = try makeChanges(profile)
        guard let limit, try await workspace.activeID().get() == file.id else {
            if limit != nil {
                warn("'\(file.id)' is not the active profile, so there is nothing to wait for.")
            }
            let changed = try await update(file, workspace, changes, again: makeChanges)
            try await tell(EditedFile(file: changed, before: file), "\(Self.summary(of: changed)).")
            return .success
        }
        var changed = file
        let outcome = try await daemonWatch().outcome(within: limit) {
            changed = try await update(file, workspace, changes, again: makeChanges)
            return .activation(of: changed.id, digest: changed.digest)
        }
        let news = EditedFile(file: changed, before: file)
        return try tell(outcome, about: changed.id, start: Self.summary(of: changed), news)
    }

    /// Writes the changes. If the file was changed since it was read, they are made anew from what it says now.
    private func update(
        _ file: ProfileFile,
        _ workspace: Workspace,
        _ changes: ProfileChanges,
        again makeChanges: (Profile) throws -> ProfileChanges
    ) async throws -> ProfileFile {
        try await warningOfHardLinks(to: [file.path], nowAt: \.path) {
            try await write(file, workspace, changes, again: makeChanges)
        }
    }

    private func write(
        _ file: ProfileFile,
        _ workspace: Workspace,
        _ changes: ProfileChanges,
        again makeChanges: (Profile) throws -> ProfileChanges
    ) async throws -> ProfileFile {
        var file = file
        var changes = changes
        for _ in 0..<20 {
            let conflict: ProfileError
            do throws(ProfileError) {
                return try await workspace.service.update(file.id, changes, expecting: file.digest).file
            } catch {
                conflict = error
            }
            guard conflict.code == .conflict else { throw conflict }
            file = try await workspace.repository.profile(file.id)
            guard let profile = file.profile else { throw conflict }
            changes = try makeChanges(profile)
        }
        return try await workspace.service.update(file.id, changes, expecting: file.digest).file
    }

    /// Writes to files, and warns of those that had a further name: a new file takes the place of the old one, which
    /// keeps that name.
    ///
    /// - Parameter newPath: Where a single file is after the write; nil where it was.
    func warningOfHardLinks<Outcome>(
        to paths: [String],
        nowAt newPath: (Outcome) -> String? = { _ in nil },
        _ write: () async throws -> Outcome
    ) async throws -> Outcome {
        let linked = paths.filter { FilePlace.nameCount($0) > 1 }.map { ($0, FilePlace.identity($0)) }
        let outcome = try await write()
        for (path, identity) in linked where FilePlace.identity(newPath(outcome) ?? path) != identity {
            let shown = path.escapedForDisplay
            warn("'\(shown)' was a hard link; under its other name the file is as it was, and no longer the same one.")
        }
        return outcome
    }

    /// Warns of features that a running daemon's SAE does not have, if that is the profile's: they were saved all the same.
    ///
    /// - Parameter name: The SAE that the profile names; nil fits any.
    func warnOfMissingFeatures(among indices: some Sequence<Int>, ofSAE name: String?) {
        guard let state = try? stateDirectory(), let sae = (try? Daemon(in: state))?.runningStatus?.sae,
            name == nil || name?.lowercased() == sae.id.lowercased()
        else { return }
        let missing = indices.filter { $0 >= sae.featureCount }.sorted()
        guard !missing.isEmpty else { return }
        let list = (missing.count == 1 ? "feature " : "features ") + missing.map(String.init).joined(separator: ", ")
        let owner = "The SAE '\(sae.id.escapedForDisplay)' of the running daemon"
        warn("\(owner) has no \(list); its \(sae.featureCount) features are 0 to \(sae.featureCount - 1).")
    }

    /// `'pirate' names 2 features now`
    private static func summary(of file: ProfileFile) -> String {
        "'\(file.id)' names \((file.profile?.steering.count ?? 0).counted("feature")) now"
    }

    /// Tells what the daemon made of a change of the active profile.
    ///
    /// - Parameters:
    ///   - start: What was done, up to the conjunction.
    ///   - edited: The file, if an edit was the change.
    func tell(
        _ outcome: DaemonWatch.Outcome,
        about id: ProfileID?,
        start: String,
        _ edited: EditedFile? = nil
    ) throws -> ExitCode {
        if format == .json {
            let json = DaemonWatch.Outcome?(outcome).json(active: id)
            try print(json: edited.map { json.adding($0.member) } ?? json)
        } else {
            switch outcome.verdict {
            case .applied: try confirm("\(start), and the daemon has applied it: \(outcome.summary).")
            case .rejected(let reason):
                let mayBeForced = reason.code == ProfileError.Code.incompatible.rawValue
                let advice = "'millm activate --force' passes over the names of models and SAEs, never over an index"
                report(rejection: reason, of: "\(start), but", advice: mayBeForced ? advice : nil)
            }
            if let remark = edited?.remark { try confirm(remark) }
        }
        return outcome.verdict == .applied ? .success : .rejected
    }

    /// Tells what was done to a profile: the object with `--format json`, else the sentence.
    func tell(_ file: ProfileFile, _ sentence: String) async throws {
        guard format == .json else { return try confirm(sentence) }
        try await print(json: json(of: file))
    }

    /// Tells how a profile's file was edited: the object with `--format json`, else the sentence and the remark.
    func tell(_ edited: EditedFile, _ sentence: String) async throws {
        if format == .json { return try await print(json: json(of: edited.file).adding(edited.member)) }
        try confirm(sentence)
        if let remark = edited.remark { try confirm(remark) }
    }

    private func json(of file: ProfileFile) async throws -> JSONValue {
        let activeID = try? await workspace.activeID().get()
        return file.json(isActive: file.id == activeID)
    }
}
