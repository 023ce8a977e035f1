import FileWatching
import Glibc
package import Profiles

// What `millm repair` does.

extension DirectoryRepository {
    /// Takes one way out of a damage.
    ///
    /// - Returns: What was done, as a sentence.
    /// - Throws: `.conflict` if the damage is not there any more, or another one is; `.inputOutput`.
    package func mend(_ damage: Damage, by remedy: Remedy) async throws(ProfileError) -> String {
        if remedy.action == .sweep {
            try await recover()
            return "What was interrupted is finished."
        }
        return try await write(conditionally: true) { directory throws(ProfileError) in
            do {
                // Much can have changed while the lock was waited for.
                try refresh(in: directory, atMostOld: .zero)
                guard try damagesOfFiles(in: directory).contains(damage), damage.remedies.contains(remedy) else {
                    throw SystemError("rename", ESTALE)
                }
                return try carryOut(remedy.action, in: directory)
            } catch let error as ProfileError {
                throw error
            } catch let error as SystemError where error.code == ESTALE || error.code == ENOENT {
                throw ProfileError(
                    .conflict,
                    "'\(damage.finding.location)' has changed meanwhile. Run 'millm repair' again."
                )
            } catch let error as SystemError {
                throw ProfileError("'\(damage.finding.location.file)' cannot be mended", error)
            } catch let failure as WriteFailure {
                throw ProfileError(writing: damage.finding.location.file, basedOn: nil, failure)
            } catch {
                preconditionFailure("typed above")
            }
        }
    }

    private func carryOut(_ action: Remedy.Action, in directory: borrowing DirectoryHandle) throws -> String {
        switch action {
        case .sweep:
            preconditionFailure("needs no lock that is held already")
        case .adoptActive:
            return try adoptActive(in: directory)
        case .pointActive(let fileName):
            var trace: String?
            if let content = try? StableRead(ProfileFileName.active, in: directory),
                try directory.target(of: ProfileFileName.active) == nil
            {
                try keepDisplaced(content.bytes, of: ProfileFileName.active)
                trace = ContentDigest(of: content.bytes).description
            }
            try ActiveLink.set(fileName, over: trace, in: directory)
            return "'active' points at '\(fileName)'."
        case .restore(let fileName, let digest):
            guard let bytes = try history?.bytes(of: digest) else {
                throw ProfileError(.notFound, "What was applied last is not in the history any more.")
            }
            try carryOut([PlannedWrite(fileName: fileName, bytes: bytes)], activating: fileName, in: directory)
            return "'\(fileName)' is back, and 'active' points at it."
        case .removeActive:
            _ = try ActiveLink.remove(in: directory)
            return "'active' is gone; no profile is active."
        case .setActiveAside:
            let name = try setAside(ProfileFileName.active, in: directory)
            return "What stood at 'active' is now '\(name)'; no profile is active."
        case .removeTwin(let fileName, let digest):
            let content = try? StableRead(fileName, in: directory)
            guard let content, ContentDigest(of: content.bytes) == digest else { throw SystemError("unlink", ESTALE) }
            try takeAway(fileName, holding: content, in: directory)
            AtomicFile.remove(AtomicFile.temporaryName, in: directory)
            try AtomicFile.confirm(directory)
            return "'\(fileName)' is gone."
        case .renameTwin(let fileName):
            return try renameTwin(fileName, in: directory)
        }
    }

    /// Makes a profile of the bytes at `active`, under a name and an id of its own.
    private func adoptActive(in directory: borrowing DirectoryHandle) throws -> String {
        let content = try StableRead(ProfileFileName.active, in: directory)
        let files = try refreshedFiles(in: directory)
        let taken = Set(files.map(\.id))
        var bytes = content.bytes
        var name = "recovered"
        let shown = directory.display(ProfileFileName.active)
        if let profile = ProfileDecoder.decode(bytes, file: shown).profile {
            name = profile.name
            if files.contains(where: { $0.profile?.name == name }) {
                name = Self.freeName(like: name, among: files)
                bytes = try ProfileEditor.apply(ProfileChanges(name: name), to: bytes, file: shown)
            }
        }
        let id = ProfileID(naming: name) { taken.contains($0) }
        let fileName = "\(id).\(Self.isJSON(bytes) ? "json" : "yaml")"
        try keepDisplaced(content.bytes, of: ProfileFileName.active)
        try carryOut(
            [PlannedWrite(fileName: fileName, bytes: bytes)],
            activating: fileName,
            over: ContentDigest(of: content.bytes).description,
            in: directory
        )
        return "What stood at 'active' is the new profile '\(id)', and 'active' points at it."
    }

    private func setAside(_ name: String, in directory: borrowing DirectoryHandle) throws(SystemError) -> String {
        for number in 1...1000 {
            let free = number == 1 ? "\(name).bak" : "\(name).\(number).bak"
            do {
                try AtomicFile.move(name, to: free, in: directory)
                try directory.synchronize()
                return free
            } catch {
                guard error.code == EEXIST else { throw error }
            }
        }
        throw SystemError("rename", EEXIST)
    }

    private func renameTwin(_ fileName: String, in directory: borrowing DirectoryHandle) throws -> String {
        let taken = Set(try refreshedFiles(in: directory).map(\.id))
        let stem = ProfileFileName.stem(of: fileName) ?? fileName
        let id = ProfileID(naming: stem) { taken.contains($0) }
        let ending = fileName.split(separator: ".").last.map(String.init) ?? "yaml"
        let newName = "\(id).\(ending)"
        try AtomicFile.move(fileName, to: newName, in: directory)
        try AtomicFile.confirm(directory)
        return "'\(fileName)' is now '\(newName)'."
    }
}
