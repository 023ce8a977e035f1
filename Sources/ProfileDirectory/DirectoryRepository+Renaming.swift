import FileWatching
import Glibc
package import Profiles

extension DirectoryRepository {
    package func rename(
        _ id: ProfileID,
        to newID: ProfileID,
        name: String?
    ) async throws(ProfileError) -> ProfileFile {
        try await write { directory throws(ProfileError) in
            try rename(id, to: newID, name: name, in: directory)
        }
    }

    package func copy(_ id: ProfileID, to newID: ProfileID?, name: String?) async throws(ProfileError) -> ProfileFile {
        try await write { directory throws(ProfileError) in
            try copy(id, to: newID, name: name, in: directory)
        }
    }

    private func rename(
        _ id: ProfileID,
        to newID: ProfileID,
        name: String?,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> ProfileFile {
        if newID == id {
            return try update(id, ProfileChanges(name: name), expecting: nil, in: directory)
        }
        let (fileName, content) = try contentToChange(of: id, expecting: nil, in: directory)
        try requireFree(newID, in: directory)
        var bytes = content.bytes
        if let name {
            try requireFree(name: name, besides: id, in: directory)
            bytes = try ProfileEditor.apply(ProfileChanges(name: name), to: bytes, file: directory.display(fileName))
        }
        let ending = Self.ending(of: fileName, holding: bytes)
        // Before the link moves, for a daemon follows it at once.
        if forceRecord?.read() == id { try forceRecord?.write(newID) }
        try move(fileName, holding: content, to: "\(newID).\(ending)", withContent: bytes, in: directory)
        return written(bytes, to: "\(newID).\(ending)", id: newID, in: directory)
    }

    private func copy(
        _ id: ProfileID,
        to newID: ProfileID?,
        name: String?,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> ProfileFile {
        let original = try file(of: id, in: directory)
        let shown = directory.display(original.fileName)
        guard let profile = original.profile else {
            throw ProfileError(
                .invalidFormat,
                "'\(shown)' is no valid profile, so it cannot be copied. Mend it first.",
                diagnostics: original.diagnostics
            )
        }
        let content: StableRead
        do {
            content = try StableRead(original.fileName, in: directory)
        } catch {
            let finding = error.diagnostic(for: shown)
            throw ProfileError(.inputOutput, finding.sentence, diagnostics: [finding], cause: error)
        }
        let files = try refreshedFiles(in: directory)
        let newName = name ?? Self.freeName(like: profile.name, among: files)
        try requireFree(name: newName, among: files)
        if let newID { try requireFree(newID, in: directory) }
        let taken = Set(files.map(\.id))
        let free = newID ?? ProfileID(naming: newName) { taken.contains($0) }
        let bytes = try ProfileEditor.apply(ProfileChanges(name: newName), to: content.bytes, file: shown)
        let fileName = "\(free).\(Self.ending(of: original.fileName, holding: bytes))"
        try write(bytes, toNew: fileName, in: directory)
        return written(bytes, to: fileName, id: free, in: directory)
    }

    /// `King James (2)`: the name with the first number that makes it free.
    static func freeName(like name: String, among files: [ProfileFile]) -> String {
        let taken = Set(files.compactMap { $0.profile?.name })
        var number = 2
        while true {
            let ending = " (\(number))"
            let start = name.unicodeScalars.prefix(ProfileRules.nameLength - ending.unicodeScalars.count)
            let candidate = String(String.UnicodeScalarView(start)) + ending
            if !taken.contains(candidate) { return candidate }
            number += 1
        }
    }

    func requireFree(_ id: ProfileID, in directory: borrowing DirectoryHandle) throws(ProfileError) {
        do {
            for name in id.fileNames where try directory.status(of: name) != nil {
                throw ProfileError(.alreadyExists, "There is a profile '\(id)' already.")
            }
        } catch let error as ProfileError {
            throw error
        } catch let error as SystemError {
            throw ProfileError("The profile '\(id)' cannot be looked for", error)
        } catch {
            preconditionFailure("typed above")
        }
    }

    /// The extension for a file's new content: one in JSON that has become YAML cannot keep its own.
    static func ending(of fileName: String, holding bytes: [UInt8]) -> String {
        let ending = ProfileID.fileExtensions.first { fileName.hasSuffix("." + $0) } ?? "yaml"
        return ending == "json" && !isJSON(bytes) ? "yaml" : ending
    }

    /// Gives a file another name, and perhaps another content, in one go: whatever interrupts it, the next writer
    /// finishes it. If the file is the active one, the link moves along and never points at nothing.
    func move(
        _ fileName: String,
        holding content: StableRead,
        to newName: String,
        withContent bytes: [UInt8],
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        let shown = directory.display(fileName)
        let isEdited = bytes != content.bytes
        let journal = RenameJournal(from: fileName, to: newName, edited: isEdited ? ContentDigest(of: bytes) : nil)
        do {
            if try !isEdited && !isActive(fileName, in: directory) {
                try AtomicFile.move(fileName, to: newName, in: directory)
            } else {
                try journal.write(in: directory)
                if isEdited {
                    try replace(
                        fileName,
                        holding: content,
                        by: bytes,
                        durability: .durableWhenConfirmed,
                        in: directory
                    )
                }
                do {
                    try journal.finish(in: directory)
                } catch {
                    // First the second name, which is told by the inode that the old content would replace.
                    if journal.undo(in: directory), isEdited {
                        try? replaceBack(fileName, to: content, from: bytes, in: directory)
                    }
                    throw error
                }
            }
            try AtomicFile.confirm(directory)
        } catch let error as ProfileError {
            journal.undo(in: directory)
            throw error
        } catch let failure as WriteFailure {
            throw ProfileError(writing: directory.display(newName), basedOn: nil, failure)
        } catch let error as SystemError {
            journal.undo(in: directory)
            if error.code == EEXIST {
                throw ProfileError(.alreadyExists, "There is a file '\(directory.display(newName))' already.")
            }
            throw ProfileError("'\(shown)' cannot be renamed to '\(newName)'", error)
        } catch {
            preconditionFailure("typed above")
        }
    }

    private func isActive(_ fileName: String, in directory: borrowing DirectoryHandle) throws(SystemError) -> Bool {
        if case .target(_, fileName) = try ActiveLink(in: directory) { return true }
        return false
    }

    private func replaceBack(
        _ fileName: String,
        to content: StableRead,
        from bytes: [UInt8],
        in directory: borrowing DirectoryHandle
    ) throws {
        let current = try StableRead(fileName, in: directory)
        guard current.bytes == bytes else { return }
        try replace(fileName, holding: current, by: content.bytes, in: directory)
    }

    /// Writes the new content of a file, if it still holds what the content is based on.
    func replace(
        _ fileName: String,
        holding content: StableRead,
        by bytes: [UInt8],
        durability: AtomicFile.Durability = .durable,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        remember(bytes, as: fileName)
        do {
            try AtomicFile(bytes, durability: durability).replace(fileName, in: directory, basedOn: content) {
                temporary in
                rescue(temporary, of: fileName, in: directory)
            }
        } catch {
            let base = ContentDigest(of: content.bytes)
            throw ProfileError(writing: directory.display(fileName), basedOn: base, error)
        }
    }
}
