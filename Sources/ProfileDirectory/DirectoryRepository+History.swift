import FileWatching
import Glibc
package import Profiles

extension DirectoryRepository {
    /// Everything in the history, newest first; empty without one.
    ///
    /// - Throws: `.inputOutput`.
    package func historyEntries() throws(ProfileError) -> [HistoryEntry] {
        try history?.entries() ?? []
    }

    /// Puts back what was applied before.
    ///
    /// - Parameter steps: How far to go back: 1 is what was applied before the applied one; 0 is the applied one
    ///   itself, whose file may have been broken since.
    /// - Returns: The entry that was put back.
    /// - Throws: `.notFound` if the history does not reach that far; else like ``rollback(to:)``.
    @discardableResult
    package func rollback(steps: Int) async throws(ProfileError) -> HistoryEntry {
        let applied = try history?.applied() ?? []
        guard applied.indices.contains(steps) else {
            let size = applied.count == 1 ? "1 entry" : "\(applied.count) entries"
            throw ProfileError(.notFound, "The history has \(size), so there is nothing \(steps) back.")
        }
        try await rollback(to: applied[steps])
        return applied[steps]
    }

    /// Puts back what was applied then: the file gets the bytes that it had, and the link points at it.
    ///
    /// It works whatever has become of the file; the bytes that it holds now are kept in the history. Steering that
    /// was set without a file becomes a new profile. A running daemon applies it with the source `rollback`.
    ///
    /// - Returns: The profile; nil if no profile was active then, and now none is.
    /// - Throws: `.notFound` if the bytes are no longer kept; `.activeLinkBroken`, `.invalidFormat` if two files have
    ///   the id, `.conflict`.
    @discardableResult
    package func rollback(to entry: HistoryEntry) async throws(ProfileError) -> ProfileFile? {
        guard let history, let digest = entry.digest else {
            try await deactivateAll()
            return nil
        }
        guard let bytes = try history.bytes(of: digest) else {
            throw ProfileError(.notFound, "The bytes of entry \(entry.number) are not in the history any more.")
        }
        return try await write { directory throws(ProfileError) -> ProfileFile in
            try requireReplaceableLink(in: directory)
            let id = if let id = entry.id { id } else { try newID(forBytes: bytes, in: directory) }
            let before = try reader.digestAndLink(in: directory)
            history.announceRollback(to: id, digest: digest)
            do throws(ProfileError) {
                let write = try putBack(bytes, id: id, fileName: entry.restoredName, in: directory)
                // What is put back counts as it is.
                if forceRecord?.forces(id) == true { try forceRecord?.remove() }
                try carryOut([write], activating: write.fileName, in: directory)
                try forceRecord?.remove()
            } catch {
                history.withdrawRollback()
                throw error
            }
            // A daemon has nothing to apply then.
            if try before == reader.digestAndLink(in: directory) { history.withdrawRollback() }
            return try file(of: id, in: directory)
        }
    }

    private func newID(
        forBytes bytes: [UInt8],
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> ProfileID {
        let taken = Set(try refreshedFiles(in: directory).map(\.id))
        let name = ProfileDecoder.decode(bytes, file: "history").profile?.name
        return ProfileID(naming: name ?? "rollback") { taken.contains($0) }
    }

    /// What brings the bytes back, which keeps those that it displaces.
    private func putBack(
        _ bytes: [UInt8],
        id: ProfileID,
        fileName: String?,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> PlannedWrite {
        let decoded = ProfileDecoder.decode(bytes, file: "history")
        guard decoded.profile != nil else {
            let message = "What was applied then is no valid profile for this version."
            throw ProfileError(.invalidFormat, message, diagnostics: decoded.diagnostics)
        }
        do {
            _ = try file(of: id, in: directory)
        } catch  where error.code == .notFound {
            return PlannedWrite(fileName: fileName ?? id.fileNames[0], bytes: bytes)
        }
        let (current, content) = try contentToChange(of: id, expecting: nil, in: directory)
        if content.bytes != bytes { try keepDisplaced(content.bytes, of: current) }
        return Self.edit(of: current, holding: content, to: bytes, id: id)
    }
}

extension ActiveProfileReader {
    /// What the directory's daemon would apply.
    fileprivate func digestAndLink(
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> SteeringTarget? {
        do {
            guard case .target(let id, let name) = try ActiveLink(in: directory),
                let content = try? StableRead(name, in: directory)
            else { return nil }
            return SteeringTarget(id: id, digest: ContentDigest(of: content.bytes))
        } catch {
            throw ProfileError("'\(directory.display(ProfileFileName.active))' cannot be read", error)
        }
    }
}

private struct SteeringTarget: Equatable {
    var id: ProfileID
    var digest: ContentDigest
}
