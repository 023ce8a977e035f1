import Dispatch
import FileWatching
import Glibc
import Profiles
import Synchronization

/// All profile files of a directory, kept so that a look reads only those that have changed since the last.
struct DirectorySnapshot: Sendable {
    /// What is known of one file. Tables and sorting move a reference to it, not its hundreds of bytes.
    final class Entry: Sendable {
        let identity: FileStatus.Identity
        /// Whether the file had rested long enough when it was read that another write would show in its identity.
        let isSettled: Bool
        /// The file by itself, without findings that come from other files.
        let file: ProfileFile

        init(identity: FileStatus.Identity, isSettled: Bool, file: ProfileFile) {
            self.identity = identity
            self.isSettled = isSettled
            self.file = file
        }
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

    /// What was there a moment ago.
    var losses = LossMemory()

    /// Findings about names that cannot be ids.
    var nameFindings: [Diagnostic] { Array(invalidNames.values) }

    /// Which files have an id or a display name: nearly always one.
    struct Index: Sendable {
        private(set) var byID: [ProfileID: [FileName]] = [:]
        private(set) var byDisplayName: [String: [FileName]] = [:]

        fileprivate mutating func reserveCapacity(_ count: Int) {
            byID.reserveCapacity(count)
            byDisplayName.reserveCapacity(count)
        }

        fileprivate mutating func add(_ file: ProfileFile) {
            byID[file.id, default: []].append(FileName(file.fileName))
            if let profile = file.profile { byDisplayName[profile.name, default: []].append(FileName(file.fileName)) }
        }

        fileprivate mutating func remove(_ file: ProfileFile) {
            Self.remove(FileName(file.fileName), from: &byID[file.id])
            if let profile = file.profile { Self.remove(FileName(file.fileName), from: &byDisplayName[profile.name]) }
        }

        private static func remove(_ name: FileName, from names: inout [FileName]?) {
            names?.removeAll { $0 == name }
            if names?.isEmpty == true { names = nil }
        }
    }

    // MARK: - Looking

    /// Looks at every name, and reads what its status does not vouch for.
    ///
    /// - Parameter now: The wall clock's time.
    mutating func refresh(in directory: borrowing DirectoryHandle, now: Timestamp = .now()) throws(SystemError) {
        losses.forgetOld()
        invalidNames = [:]
        var seen: Set<FileName> = []
        var changed: [Look] = []
        let names = try directory.names()
        seen.reserveCapacity(names.count)
        for bytes in names {
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
                let known = entries[FileName(name)]
                if known?.isCurrent(status) != true { changed.append(Look(id, name, status, known)) }
            }
        }
        for name in entries.keys where !seen.contains(name) { set(nil, for: name) }
        try read(changed, in: directory, now: now)
    }

    /// Looks at some names that have changed, and at all that cannot be vouched for.
    mutating func refresh(
        _ names: Set<FileName>,
        in directory: borrowing DirectoryHandle,
        now: Timestamp = .now()
    ) throws(SystemError) {
        losses.forgetOld()
        for name in names.union(unsettled) {
            invalidNames[name] = nil
            switch ProfileFileName(name.text, file: directory.display(name.text)) {
            case .ignored: break
            case .invalid(let finding):
                if try directory.status(of: name.text) != nil { invalidNames[name] = finding }
            case .profile(let id):
                // It may have come and gone since the last look.
                if try look(at: name.text, id: id, in: directory, now: now) == nil { losses.note(id) }
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
        let known = entries[FileName(name)]
        if let known, known.isCurrent(status) { return known.file }
        let entry = try Entry.reading(Look(id, name, status, known), in: directory, now: now)
        readCount += 1
        set(entry, for: FileName(name))
        return entry?.file
    }

    // MARK: - Reading

    /// A file that has to be read.
    fileprivate struct Look: Sendable {
        var id: ProfileID
        var name: String
        /// Of the name itself, from just now.
        var status: FileStatus
        /// What it held before; the same bytes are not decoded again.
        var known: Entry?

        init(_ id: ProfileID, _ name: String, _ status: FileStatus, _ known: Entry?) {
            self.id = id
            self.name = name
            self.status = status
            self.known = known
        }
    }

    /// So many files are read by one thread at a time.
    private static let batch = 512

    /// Reads files, on all processors if there are many.
    private mutating func read(
        _ looks: [Look],
        in directory: borrowing DirectoryHandle,
        now: Timestamp
    ) throws(SystemError) {
        let (number, path, revision) = (directory.descriptor.number, directory.path, directory.revision)
        let view = directory.view
        let batches = (looks.count + Self.batch - 1) / Self.batch
        let results = Mutex<(entries: [(String, Entry?)], error: SystemError?)>(([], nil))
        DispatchQueue.concurrentPerform(iterations: batches) { index in
            let start = index * Self.batch
            do throws(SystemError) {
                var directory = try DirectoryHandle(duplicating: number, path: path, revision: revision)
                directory.view = view
                var read: [(String, Entry?)] = []
                for look in looks[start..<min(start + Self.batch, looks.count)] {
                    read.append((look.name, try Entry.reading(look, in: directory, now: now)))
                }
                let entries = read
                results.withLock { $0.entries += entries }
            } catch {
                results.withLock { $0.error = error }
            }
        }
        let (read, error) = results.withLock { $0 }
        readCount += read.count
        entries.reserveCapacity(entries.count + read.count)
        if entries.isEmpty { names.reserveCapacity(read.count) }
        for (name, entry) in read { set(entry, for: FileName(name)) }
        if let error { throw error }
    }

    private mutating func set(_ entry: Entry?, for name: FileName) {
        let known = entries[name]
        guard known != nil || entry != nil else { return }
        if let known, entry == nil { losses.note(known.file.id) }
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
    /// Reads a file; nil if there is none any more.
    fileprivate static func reading(
        _ look: DirectorySnapshot.Look,
        in directory: borrowing DirectoryHandle,
        now: Timestamp
    ) throws(SystemError) -> DirectorySnapshot.Entry? {
        let isRegular = look.status.kind == .regular
        do {
            let content = try StableRead(look.name, in: directory, isKnownToBeRegular: isRegular)
            var file = ProfileFile(
                id: look.id,
                fileName: look.name,
                content: content,
                in: directory,
                reusing: look.known?.file
            )
            let isOld = content.status.isOld(at: now)
            // What nobody has written to for so long is whole, unless the kernel tells of a writer.
            file.isBeingWritten =
                isOld
                ? content.isBeingWritten
                : Completeness(
                    of: content,
                    isClosed: false,
                    isShared: RemoteFileSystem.holds(directory.descriptor)
                ) != .whole
            return DirectorySnapshot.Entry(
                identity: content.status.identity,
                // The status of a symbolic link does not tell of changes behind it.
                isSettled: isRegular && !content.isBeingWritten && isOld,
                file: file
            )
        } catch {
            if case .system(let error) = error, [EMFILE, ENFILE].contains(error.code) { throw error }
            if error == .missing, isRegular { return nil }
            return DirectorySnapshot.Entry(
                identity: look.status.identity,
                isSettled: false,
                file: ProfileFile(id: look.id, fileName: look.name, unreadable: error, in: directory)
            )
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
