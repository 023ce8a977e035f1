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
        let file = try await workspace.profile(reference)
        guard let profile = file.profile else {
            throw ProfileError(
                .invalidFormat,
                "'\(file.id)' was not changed: its file has errors. Mend them first.",
                diagnostics: file.diagnostics
            )
        }
        let changes = try makeChanges(profile)
        guard let limit, try await workspace.activeID().get() == file.id else {
            if limit != nil { warn("'\(file.id)' is not the active profile, so there is nothing to wait for.") }
            let changed = try await update(file, workspace, changes, again: makeChanges)
            try await tell(changed, "\(Self.summary(of: changed, before: file)).")
            return .success
        }
        var changed = file
        let outcome = try await daemonWatch().outcome(within: limit) {
            changed = try await update(file, workspace, changes, again: makeChanges)
            return .activation(of: changed.id, digest: changed.digest)
        }
        return try tell(outcome, about: changed.id, start: Self.summary(of: changed, before: file))
    }

    /// Writes the changes. If the file was changed since it was read, they are made anew from what it says now.
    private func update(
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

    /// `'pirate' names 2 features now`; an export that could not stay one is told of.
    private static func summary(of file: ProfileFile, before: ProfileFile) -> String {
        let start = "'\(file.id)' names \((file.profile?.steering.count ?? 0).counted("feature")) now"
        return file.fileName == before.fileName ? start : "\(start), as YAML in \(file.path)"
    }

    /// Tells what the daemon made of a change of the active profile.
    ///
    /// - Parameter start: What was done, up to the conjunction.
    func tell(_ outcome: DaemonWatch.Outcome, about id: ProfileID?, start: String) throws -> ExitCode {
        if format == .json {
            try print(json: DaemonWatch.Outcome?(outcome).json(active: id))
        } else {
            switch outcome.verdict {
            case .applied: try confirm("\(start), and the daemon has applied it: \(outcome.summary).")
            case .rejected(let reason): report(rejection: reason, of: "\(start), but")
            }
        }
        return outcome.verdict == .applied ? .success : .rejected
    }

    /// Tells what was done to a profile: the object with `--format json`, else the sentence.
    func tell(_ file: ProfileFile, _ sentence: String) async throws {
        guard format == .json else { return try confirm(sentence) }
        let activeID = try? await workspace.activeID().get()
        try print(json: file.json(isActive: file.id == activeID))
    }
}
