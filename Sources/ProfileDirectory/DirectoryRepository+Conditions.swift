import FileWatching
import Glibc
import Profiles

// What must hold before something is changed.

extension DirectoryRepository {
    /// The file of an id and what it holds, ready to be changed.
    ///
    /// - Parameter fileName: Which file is meant, whatever other one has the id; nil is one that must be the only one.
    func contentToChange(
        of id: ProfileID,
        named fileName: String? = nil,
        expecting expected: ContentDigest?,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> (fileName: String, content: StableRead) {
        let found = try file(of: id, named: fileName, in: directory)
        let shown = directory.display(found.fileName)
        if fileName == nil { try requireNoTwin(of: found) }
        if let target = try? directory.target(of: found.fileName) {
            throw ProfileError(
                .invalidFormat,
                "'\(shown)' is a link to '\(target.escapedForDisplay)'. Change the file there, or replace the link by a file."
            )
        }
        do {
            let content = try StableRead(found.fileName, in: directory)
            let digest = ContentDigest(of: content.bytes)
            if let expected, digest != expected {
                throw ProfileError.conflict(about: shown, basedOn: expected, found: digest)
            }
            guard !content.isBeingWritten else { throw ProfileError.inUse(shown) }
            return (found.fileName, content)
        } catch let error as ProfileError {
            throw error
        } catch ReadFailure.missing {
            // It was there a moment ago; an editor that renames is half way, or somebody has deleted it.
            throw ProfileError.conflict(about: shown, basedOn: expected, found: nil)
        } catch let failure as ReadFailure {
            let finding = failure.diagnostic(for: shown)
            throw ProfileError(.inputOutput, finding.sentence, diagnostics: [finding], cause: failure)
        } catch {
            preconditionFailure("typed above")
        }
    }

    func require(
        _ expected: ContentDigest?,
        of file: ProfileFile,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        guard let expected, expected != file.digest else { return }
        if let finding = file.unreadable {
            throw ProfileError(.inputOutput, finding.sentence, diagnostics: [finding])
        }
        throw ProfileError.conflict(about: directory.display(file.fileName), basedOn: expected, found: file.digest)
    }

    /// - Throws: `.invalidFormat` if another file has the id, too: it does not tell which one is meant.
    func requireNoTwin(of file: ProfileFile) throws(ProfileError) {
        guard let twin = file.diagnostics.first(where: { $0.code == .duplicateID }) else { return }
        throw ProfileError(.invalidFormat, twin.sentence, diagnostics: [twin])
    }

    /// - Parameter fileName: The file of the profile that may have the name already.
    func requireFree(
        name: String,
        besides fileName: String?,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        try refresh(in: directory)
        let others = snapshot.names.byDisplayName[name, default: []].sorted().compactMap { snapshot.entries[$0]?.file }
        try requireFree(name: name, among: others.filter { $0.fileName != fileName })
    }

    func requireFree(name: String, among files: [ProfileFile]) throws(ProfileError) {
        guard let other = files.first(where: { $0.profile?.name == name }) else { return }
        throw ProfileError(
            .alreadyExists,
            "The name '\(name.escapedForDisplay)' belongs to the profile '\(other.id)' already."
        )
    }

    /// What tells whether somebody has moved `active`, for who does that does not ask for the lock.
    func activeTrace(in directory: borrowing DirectoryHandle) throws(ProfileError) -> String? {
        do {
            return try ActiveLink.trace(in: directory)
        } catch {
            throw ProfileError("'\(directory.display(ProfileFileName.active))' cannot be read", error)
        }
    }

    /// Somebody has saved at `active`, or moved it, since it was looked at.
    func linkConflict(in directory: borrowing DirectoryHandle) -> ProfileError {
        let name = directory.display(ProfileFileName.active)
        return ProfileError(.conflict, "'\(name)' has been changed meanwhile. Nothing was done.")
    }

    func requireReplaceableLink(in directory: borrowing DirectoryHandle) throws(ProfileError) {
        let finding: Diagnostic?
        do {
            finding = try ActiveLink.blocking(in: directory)
        } catch {
            throw ProfileError("'\(directory.display(ProfileFileName.active))' cannot be read", error)
        }
        if let finding { throw ProfileError(.activeLinkBroken, finding.sentence, diagnostics: [finding]) }
    }
}
