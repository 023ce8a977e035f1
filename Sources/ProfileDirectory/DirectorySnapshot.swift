import Dispatch
import FileWatching
import Glibc
import Profiles
import Synchronization

/// All profile files of a directory, kept so that a look reads only those that have changed since the last.
struct DirectorySnapshot: Sendable {
    struct Entry: Sendable {
        var identity: FileStatus.Identity
        /// Whether the file had rested long enough when it was read that another write would show in its identity.
        var isSettled: Bool
        /// The file by itself, without findings that come from other files.
        var file: ProfileFile
    }

    private(set) var entries: [FileName: Entry] = [:]
    /// The names of files by id and by display name.
    private(set) var names = Index()
    /// Files whose status does not tell whether they have changed.
    private var unsettled: Set<FileName> = []
    /// Findings about names that cannot be ids, by name.
    private var invalidNames: [FileName: Diagnostic] = [:]
    /// How many files have been read so far.
    private(set) var readCount = 0
    /// The files in order, until one changes.
    var ordered: [ProfileFile]?

    /// Findings about names that cannot be ids.
    var nameFindings: [Diagnostic] { Array(invalidNames.values) }

    /// Which files have an id or a display name.
    struct Index: Sendable {
        private(set) var byID: [ProfileID: Set<FileName>] = [:]
        private(set) var byDisplayName: [String: Set<FileName>] = [:]

        fileprivate mutating func add(_ file: ProfileFile) {
            byID[file.id, default: []].insert(FileName(file.fileName))
            if let profile = file.profile { byDisplayName[profile.name, default: []].insert(FileName(file.fileName)) }
        }

        fileprivate mutating func remove(_ file: ProfileFile) {
            Self.remove(FileName(file.fileName), from: &byID[file.id])
            if let profile = file.profile { Self.remove(FileName(file.fileName), from: &byDisplayName[profile.name]) }
        }

        private static func remove(_ name: FileName, from names: inout Set<FileName>?) {
            names?.remove(name)
            if names?.isEmpty == true { names = nil }
        }
    }

    // MARK: - Looking

    /// Looks at every name, and reads what its status does not vouch for.
    ///
    /// - Parameter now: The wall clock's time.
    mutating func refresh(in directory: borrowing DirectoryHandle, now: Timestamp = .now()) throws(SystemError) {
        invalidNames = [:]
        var seen: Set<FileName> = []
        var changed: [(name: String, id: ProfileID)] = []
        for bytes in try directory.names() {
            guard let name = String(validating: bytes, as: UTF8.self) else {
                noteInvalid(bytes, in: directory)
                continue
            }
            switch ProfileFileName(name, file: directory.display(name)) {
            case .ignored: break
            case .invalid(let finding): invalidNames[FileName(name)] = finding
            case .profile(let id):
                guard let status = try directory.status(of: name), status.kind != .directory else { break }
                seen.insert(FileName(name))
                if entries[FileName(name)]?.isCurrent(status) != true { changed.append((name, id)) }
            }
        }
        for name in entries.keys where !seen.contains(name) { set(nil, for: name) }
        try read(changed, in: directory, now: now)
    }

    /// Looks at some names, and at all that cannot be vouched for.
    mutating func refresh(
        _ names: Set<FileName>,
        in directory: borrowing DirectoryHandle,
        now: Timestamp = .now()
    ) throws(SystemError) {
        for name in names.union(unsettled) {
            invalidNames[name] = nil
            switch ProfileFileName(name.text, file: directory.display(name.text)) {
            case .ignored: break
            case .invalid(let finding):
                if try directory.status(of: name.text) != nil { invalidNames[name] = finding }
            case .profile(let id): _ = try look(at: name.text, id: id, in: directory, now: now)
            }
        }
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
            set(nil, for: FileName(name))
            return nil
        }
        if let known = entries[FileName(name)], known.isCurrent(status) { return known.file }
        let entry = try Entry(name, id: id, known: entries[FileName(name)], in: directory, now: now)
        readCount += 1
        set(entry, for: FileName(name))
        return entry?.file
    }

    // MARK: - Reading

    /// So many files are read by one thread at a time.
    private static let batch = 512

    /// Reads files, on all processors if there are many.
    private mutating func read(
        _ files: [(name: String, id: ProfileID)],
        in directory: borrowing DirectoryHandle,
        now: Timestamp
    ) throws(SystemError) {
        let (number, path, revision) = (directory.descriptor.number, directory.path, directory.revision)
        let known = entries
        let batches = (files.count + Self.batch - 1) / Self.batch
        let results = Mutex<(entries: [(String, Entry?)], error: SystemError?)>(([], nil))
        DispatchQueue.concurrentPerform(iterations: batches) { index in
            let start = index * Self.batch
            do throws(SystemError) {
                let directory = try DirectoryHandle(duplicating: number, path: path, revision: revision)
                var read: [(String, Entry?)] = []
                for (name, id) in files[start..<min(start + Self.batch, files.count)] {
                    read.append((name, try Entry(name, id: id, known: known[FileName(name)], in: directory, now: now)))
                }
                let entries = read
                results.withLock { $0.entries += entries }
            } catch {
                results.withLock { $0.error = error }
            }
        }
        let (read, error) = results.withLock { $0 }
        readCount += read.count
        for (name, entry) in read { set(entry, for: FileName(name)) }
        if let error { throw error }
    }

    private mutating func set(_ entry: Entry?, for name: FileName) {
        let known = entries[name]
        guard known != nil || entry != nil else { return }
        if known?.file != entry?.file {
            ordered = nil
            if let known { names.remove(known.file) }
            if let entry { names.add(entry.file) }
        }
        entries[name] = entry
        if entry?.isSettled == false { unsettled.insert(name) } else { unsettled.remove(name) }
    }

    private mutating func noteInvalid(_ bytes: [UInt8], in directory: borrowing DirectoryHandle) {
        let name = String(showing: bytes)
        guard ProfileFileName.stem(of: name) != nil else { return }
        let path = Array(directory.display("").utf8) + bytes
        invalidNames[FileName(name)] = Diagnostic(
            .badFileName,
            "the name is not UTF-8",
            at: SourceLocation(file: directory.display(name.escapedForDisplay), path: path)
        )
    }
}

extension DirectorySnapshot.Entry {
    /// Reads a file.
    ///
    /// - Parameter known: What it held before; the same bytes are not decoded again.
    /// - Returns: Nil if there is none any more.
    fileprivate init?(
        _ name: String,
        id: ProfileID,
        known: Self?,
        in directory: borrowing DirectoryHandle,
        now: Timestamp
    ) throws(SystemError) {
        guard let status = try directory.status(of: name), status.kind != .directory else { return nil }
        do {
            let content = try StableRead(name, in: directory)
            identity = content.status.identity
            // The status of a symbolic link does not tell of changes behind it.
            isSettled = status.kind == .regular && !content.isBeingWritten && content.status.isOld(at: now)
            file = ProfileFile(id: id, fileName: name, content: content, in: directory, reusing: known?.file)
        } catch {
            if case .system(let error) = error, [EMFILE, ENFILE].contains(error.code) { throw error }
            identity = status.identity
            isSettled = false
            file = ProfileFile(id: id, fileName: name, unreadable: error, in: directory)
        }
    }

    /// Whether the file's status vouches for what was read.
    fileprivate func isCurrent(_ status: FileStatus) -> Bool {
        isSettled && status.kind == .regular && identity == status.identity
    }
}

extension FileStatus {
    /// Whether the last change lies further back than a tick of any file system's clock (2 s on FAT).
    func isOld(at now: Timestamp) -> Bool {
        now.microseconds - identity.changed / 1000 > 2_100_000
    }
}
