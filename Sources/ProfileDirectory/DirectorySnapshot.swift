import FileWatching
import Glibc
import Profiles

/// All profile files of a directory, kept so that a look reads only those that have changed since the last.
struct DirectorySnapshot: Sendable {
    struct Entry {
        var identity: FileStatus.Identity
        /// Whether the file had rested long enough when it was read that another write would show in its identity.
        var isSettled: Bool
        /// The file by itself, without findings that come from other files.
        var file: ProfileFile
    }

    private(set) var entries: [String: Entry] = [:]
    /// Findings about names that cannot be ids.
    private(set) var nameFindings: [Diagnostic] = []
    /// How many files have been read so far.
    private(set) var readCount = 0

    /// Looks at every name.
    ///
    /// - Parameter now: The wall clock's time.
    mutating func refresh(in directory: borrowing DirectoryHandle, now: Timestamp = .now()) throws(SystemError) {
        nameFindings = []
        var seen: Set<String> = []
        for bytes in try directory.names() {
            guard let name = String(validating: bytes, as: UTF8.self) else {
                noteInvalid(bytes, in: directory)
                continue
            }
            switch ProfileFileName(name, file: directory.display(name)) {
            case .ignored: break
            case .invalid(let finding): nameFindings.append(finding)
            case .profile(let id): if try look(at: name, id: id, in: directory, now: now) != nil { seen.insert(name) }
            }
        }
        for name in entries.keys where !seen.contains(name) { entries[name] = nil }
    }

    /// Looks at one name.
    ///
    /// - Returns: The file by itself; nil if there is none.
    mutating func look(
        at name: String,
        id: ProfileID,
        in directory: borrowing DirectoryHandle,
        now: Timestamp = .now()
    ) throws(SystemError) -> ProfileFile? {
        guard let status = try directory.status(of: name), status.kind != .directory else {
            entries[name] = nil
            return nil
        }
        let known = entries[name]
        // The status of a symbolic link does not tell of changes behind it.
        if let known, known.isSettled, known.identity == status.identity, status.kind == .regular { return known.file }
        let entry: Entry
        do {
            let content = try StableRead(name, in: directory)
            readCount += 1
            entry = Entry(
                identity: content.status.identity,
                isSettled: !content.isBeingWritten && Self.isOld(content.status, now: now),
                file: ProfileFile(id: id, fileName: name, content: content, in: directory, reusing: known?.file)
            )
        } catch {
            if case .system(let error) = error, [EMFILE, ENFILE].contains(error.code) { throw error }
            let file = ProfileFile(id: id, fileName: name, unreadable: error, in: directory)
            entry = Entry(identity: status.identity, isSettled: false, file: file)
        }
        entries[name] = entry
        return entry.file
    }

    /// Whether the last change lies further back than a tick of any file system's clock (2 s on FAT).
    private static func isOld(_ status: FileStatus, now: Timestamp) -> Bool {
        let age = now.microseconds - status.identity.changed / 1000
        return age > 2_100_000
    }

    private mutating func noteInvalid(_ bytes: [UInt8], in directory: borrowing DirectoryHandle) {
        let name = String(decoding: bytes, as: UTF8.self)
        guard ProfileFileName.stem(of: name) != nil else { return }
        nameFindings.append(
            Diagnostic(
                .badFileName,
                "the name is not UTF-8",
                at: SourceLocation(file: directory.display(name.escapedForDisplay))
            )
        )
    }
}
