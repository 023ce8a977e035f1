import ProfileDirectory
import Profiles

extension Session {
    /// Changes a profile's file and tells what it holds now.
    ///
    /// - Parameter changes: What to change of the profile as it is.
    /// - Throws: `.invalidFormat` if the file has errors, `.conflict` if somebody else changed it meanwhile, what the
    ///   repository refuses, and what `changes` throws.
    func edit(_ reference: String, _ changes: (Profile) throws -> ProfileChanges) async throws {
        let file = try await workspace.profile(reference)
        guard let profile = file.profile else {
            throw ProfileError(
                .invalidFormat,
                "'\(file.id)' was not changed: its file has errors. Mend them first.",
                diagnostics: file.diagnostics
            )
        }
        let changed = try await workspace.repository.update(file.id, changes(profile), expecting: file.digest)
        let features = (changed.profile?.steering.count ?? 0).counted("feature")
        try await tell(changed, "'\(changed.id)' names \(features) now.")
    }

    /// Tells what was done to a profile: the object with `--format json`, else the sentence.
    func tell(_ file: ProfileFile, _ sentence: String) async throws {
        guard format == .json else { return try confirm(sentence) }
        let activeID = try? await workspace.activeID().get()
        try print(json: file.json(isActive: file.id == activeID))
    }
}
