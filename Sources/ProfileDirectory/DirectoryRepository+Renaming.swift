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

    /// Gives this file another id, whatever other one has its present one. If it is the active one, the link moves along.
    ///
    /// - Throws: What ``rename(_:to:name:)`` throws.
    package func rename(
        _ file: ProfileFile,
        to newID: ProfileID,
        name: String?
    ) async throws(ProfileError) -> ProfileFile {
        try await write { directory throws(ProfileError) in
            try rename(file.id, named: file.fileName, to: newID, name: name, in: directory)
        }
    }

    package func copy(_ id: ProfileID, to newID: ProfileID?, name: String?) async throws(ProfileError) -> ProfileFile {
        try await write { directory throws(ProfileError) in
            try copy(id, to: newID, name: name, in: directory)
        }
    }

    private func rename(
        _ id: ProfileID,
        named known: String? = nil,
        to newID: ProfileID,
        name: String?,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> ProfileFile {
        if newID == id {
            return try update(id, ProfileChanges(name: name), expecting: nil, in: directory)
        }
        let (fileName, content) = try contentToChange(of: id, named: known, expecting: nil, in: directory)
        try requireFree(newID, in: directory)
        var bytes = content.bytes
        if let name {
            try requireFree(name: name, besides: fileName, in: directory)
            bytes = try ProfileEditor.apply(ProfileChanges(name: name), to: bytes, file: directory.display(fileName))
        }
        let newName = "\(newID).\(Self.ending(of: fileName, holding: bytes))"
        // Before the link moves, for a daemon follows it at once.
        var isForced = forceRecord?.forces(id) ?? false
        if isForced, known != nil { isForced = try isActive(fileName, in: directory) }
        if isForced { try forceRecord?.write([id, newID]) }
        do throws(ProfileError) {
            let trace = try activeTrace(in: directory)
            let isActive = try isActive(fileName, in: directory)
            if !isActive { try requireInactive(id, in: fileName, asFile: known != nil, in: directory) }
            if bytes == content.bytes, !isActive {
                try move(fileName, to: newName, in: directory)
                guard try activeTrace(in: directory) == trace else {
                    // It may have become the active one just now, whose link moves along.
                    try move(newName, to: fileName, in: directory)
                    return try rename(id, named: known, to: newID, name: name, in: directory)
                }
            } else {
                let write = PlannedWrite(fileName: newName, bytes: bytes, replaced: (fileName, content))
                try carryOut([write], in: directory)
            }
        } catch {
            if isForced { try? forceRecord?.write([id]) }
            throw error
        }
        if isForced { try forceRecord?.write([newID]) }
        return written(bytes, to: newName, id: newID, in: directory)
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
            guard try !directory.names(of: id).isEmpty else { return }
        } catch {
            throw ProfileError("The profile '\(id)' cannot be looked for", error)
        }
        throw ProfileError(.alreadyExists, "There is a profile '\(id)' already.")
    }

    /// The extension for a file's new content: one in JSON that has become YAML cannot keep its own.
    static func ending(of fileName: String, holding bytes: [UInt8]) -> String {
        let ending = ProfileID.fileExtensions.first { fileName.hasSuffix("." + $0) } ?? "yaml"
        return ending == "json" && !isJSON(bytes) ? "yaml" : ending
    }

    /// What an edit writes: an import in JSON that has become YAML gets another name, too.
    static func edit(
        of fileName: String,
        holding content: StableRead,
        to bytes: [UInt8],
        id: ProfileID
    ) -> PlannedWrite {
        let ending = ending(of: fileName, holding: bytes)
        let keepsName = bytes == content.bytes || fileName.hasSuffix("." + ending)
        return PlannedWrite(
            fileName: keepsName ? fileName : "\(id).\(ending)",
            bytes: bytes,
            replaced: (fileName, content)
        )
    }

    private func move(
        _ fileName: String,
        to newName: String,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        do {
            try AtomicFile.move(fileName, to: newName, in: directory)
            try AtomicFile.confirm(directory)
        } catch let failure as WriteFailure {
            throw ProfileError(writing: directory.display(newName), basedOn: nil, failure)
        } catch let error as SystemError {
            if error.code == EEXIST {
                throw ProfileError(.alreadyExists, "There is a file '\(directory.display(newName))' already.")
            }
            throw ProfileError("'\(directory.display(fileName))' cannot be renamed to '\(newName)'", error)
        } catch {
            preconditionFailure("typed above")
        }
    }

    private func isActive(
        _ fileName: String,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> Bool {
        do {
            return try ActiveLink.names(fileName, in: directory)
        } catch {
            throw ProfileError("'\(directory.display(ProfileFileName.active))' cannot be read", error)
        }
    }

    /// Writes the new content of a file, if it still holds what the content is based on.
    func replace(
        _ fileName: String,
        holding content: StableRead,
        by bytes: [UInt8],
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        remember(bytes, as: fileName)
        do {
            try AtomicFile(bytes).replace(fileName, in: directory, basedOn: content) {
                temporary in
                rescue(temporary, of: fileName, in: directory)
            }
        } catch {
            let base = ContentDigest(of: content.bytes)
            throw ProfileError(writing: directory.display(fileName), basedOn: base, error)
        }
    }
}
