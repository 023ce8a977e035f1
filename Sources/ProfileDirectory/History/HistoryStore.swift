import FileWatching
import FoundationEssentials
import Glibc
import Profiles

/// The history's folder: a small file for each entry, and the bytes in `blobs`, named by their digest.
///
/// Bytes come before the entry that names them, and go behind it; both appear by a rename. So a crash leaves at most
/// bytes that nothing names, which the next pruning takes away. Several processes may write: they take turns.
struct HistoryStore: Sendable {
    /// How many entries and bytes of a kind are kept; the newest entry is kept however large it is.
    struct Limit: Sendable {
        var entries: Int
        var bytes: Int

        static func of(_ kind: HistoryEntry.Kind) -> Limit {
            switch kind {
            case .applied: Limit(entries: 100, bytes: 100 << 20)
            case .written, .displaced: Limit(entries: 500, bytes: 64 << 20)
            }
        }
    }

    private let state: StateDirectory
    private let path: String
    private static let blobs = "blobs"

    /// - Parameter state: The state folder, which need not be there before something is written.
    init(in state: StateDirectory) {
        path = state.path + "/history"
        self.state = state
    }

    // MARK: - Reading

    /// The entries that can be read, newest first.
    func entries(of kinds: Set<HistoryEntry.Kind>) throws(SystemError) -> [HistoryEntry] {
        guard let folder = try Self.folder(path) else { return [] }
        return try Self.names(in: folder)
            .filter { kinds.contains($0.kind) }
            .sorted { $0.number > $1.number }
            // One that was pruned just now, or torn by a loss of power, is as good as none.
            .compactMap { name in
                guard let content = try? StableRead(name.text, in: folder) else { return nil }
                return try? JSONDecoder().decode(HistoryEntry.self, from: Data(content.bytes))
            }
    }

    /// The bytes with a digest; nil if they are not kept, or not whole.
    func bytes(of digest: ContentDigest) throws(SystemError) -> [UInt8]? {
        guard let folder = try Self.folder(path + "/" + Self.blobs) else { return nil }
        return Self.bytes(of: digest, in: folder)
    }

    private static func bytes(of digest: ContentDigest, in folder: borrowing DirectoryHandle) -> [UInt8]? {
        guard let content = try? StableRead(HistoryFileName.blob(digest), in: folder),
            ContentDigest(of: content.bytes) == digest
        else { return nil }
        return content.bytes
    }

    private static func names(in folder: borrowing DirectoryHandle) throws(SystemError) -> [HistoryFileName] {
        try folder.names().compactMap { HistoryFileName(String(decoding: $0, as: UTF8.self)) }
    }

    /// Nil if the folder is not there.
    private static func folder(_ path: String) throws(SystemError) -> DirectoryHandle? {
        do {
            return try DirectoryHandle(path)
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }

    // MARK: - Writing

    /// Adds entries, and prunes.
    ///
    /// - Parameter records: Are taken out as they are written; when it throws, those are left that were not.
    /// - Returns: The names of the new entries' files.
    @discardableResult
    func append(_ records: inout [HistoryRecord], durability: AtomicFile.Durability) throws -> [HistoryFileName] {
        if unsafe access(path + "/" + Self.blobs, F_OK) != 0 { try make() }
        let folder = try DirectoryHandle(path)
        let blobs = try DirectoryHandle(path + "/" + Self.blobs)
        let hasApplied = records.contains { $0.kind == .applied }
        if hasApplied { GitRevision.waitForCheckout(ofWorkTreeAt: state.profiles) }
        return try DirectoryLock(folder).hold { () throws in
            var names = try Self.names(in: folder)
            var number = names.map(\.number).max() ?? 0
            var last = Self.last(.applied, of: names, in: folder)
            let revision = hasApplied ? GitRevision.head(ofWorkTreeAt: state.profiles) : nil
            var added: [HistoryFileName] = []
            while let record = records.first {
                let entry = HistoryEntry(
                    record,
                    number: number + 1,
                    digest: record.bytes.map { ContentDigest(of: $0) },
                    revision: record.kind == .applied ? revision : nil
                )
                if record.kind == .applied {
                    // If the same was applied last, the daemon has only been started again.
                    if let last, last.isSame(as: entry) {
                        records.removeFirst()
                        continue
                    }
                    last = entry
                }
                Self.makeRoom(for: entry.kind, in: &names, folder, blobs)
                let name = try Self.write(entry, record.bytes, durability, to: folder, blobs)
                names.append(name)
                added.append(name)
                records.removeFirst()
                number += 1
            }
            try Self.prune(names, in: folder, blobs)
            return added
        }
    }

    /// Takes the oldest entry of a kind away if there are as many as may be, and leaves its files to be written anew.
    private static func makeRoom(
        for kind: HistoryEntry.Kind,
        in names: inout [HistoryFileName],
        _ folder: borrowing DirectoryHandle,
        _ blobs: borrowing DirectoryHandle
    ) {
        let ofKind = names.filter { $0.kind == kind }
        guard ofKind.count >= Limit.of(kind).entries, let oldest = ofKind.min(by: { $0.number < $1.number }) else {
            return
        }
        names.removeAll { $0 == oldest }
        // What cannot be done is done without: the pruning removes what is left.
        try? AtomicFile.rename(oldest.text, to: AtomicFile.temporaryName, in: folder)
        if let blob = oldest.blob, !names.contains(where: { $0.blob == blob }) {
            try? AtomicFile.rename(blob, to: AtomicFile.temporaryName, in: blobs)
        }
    }

    private static func write(
        _ entry: HistoryEntry,
        _ content: [UInt8]?,
        _ durability: AtomicFile.Durability,
        to folder: borrowing DirectoryHandle,
        _ blobs: borrowing DirectoryHandle
    ) throws -> HistoryFileName {
        if let digest = entry.digest, let content, bytes(of: digest, in: blobs) == nil {
            let file = AtomicFile(content, durability: durability, reusesTemporary: true)
            try file.replace(HistoryFileName.blob(digest), in: blobs)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = try Array(encoder.encode(entry)) + [UInt8(ascii: "\n")]
        let name = HistoryFileName(
            number: entry.number,
            kind: entry.kind,
            digest: entry.digest,
            size: content?.count ?? 0
        )
        try AtomicFile(bytes, durability: durability, reusesTemporary: true).replace(name.text, in: folder)
        return name
    }

    private static func last(
        _ kind: HistoryEntry.Kind,
        of names: [HistoryFileName],
        in folder: borrowing DirectoryHandle
    ) -> HistoryEntry? {
        guard let name = names.filter({ $0.kind == kind }).max(by: { $0.number < $1.number }),
            let content = try? StableRead(name.text, in: folder)
        else { return nil }
        return try? JSONDecoder().decode(HistoryEntry.self, from: Data(content.bytes))
    }

    /// Makes the folders, for their owner alone.
    private func make() throws {
        for folder in [path, path + "/" + Self.blobs] {
            if unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST { continue }
            // Whoever writes before the first daemon has no state folder yet.
            guard errno == ENOENT else { throw SystemError("mkdir") }
            try state.create()
            guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw SystemError("mkdir") }
        }
    }

    /// Takes away what a crash has left, and what is beyond the limits.
    func prune() throws {
        guard let folder = try Self.folder(path), let blobs = try Self.folder(path + "/" + Self.blobs) else { return }
        try DirectoryLock(folder).hold { () throws in
            AtomicFile.remove(AtomicFile.temporaryName, in: folder)
            AtomicFile.remove(AtomicFile.temporaryName, in: blobs)
            try Self.prune(Self.names(in: folder), in: folder, blobs, always: true)
        }
    }

    private static func prune(
        _ names: [HistoryFileName],
        in folder: borrowing DirectoryHandle,
        _ blobs: borrowing DirectoryHandle,
        always: Bool = false
    ) throws(SystemError) {
        var kept: Set<String> = []
        var gone: [HistoryFileName] = []
        for kind in HistoryEntry.Kind.allCases {
            let limit = Limit.of(kind)
            var bytes = 0
            for (index, name) in names.filter({ $0.kind == kind }).sorted(by: { $0.number > $1.number }).enumerated() {
                bytes += name.size
                if index == 0 || (index < limit.entries && bytes <= limit.bytes) {
                    if let blob = name.blob { kept.insert(blob) }
                } else {
                    gone.append(name)
                }
            }
        }
        for name in gone { AtomicFile.remove(name.text, in: folder) }
        guard always || !gone.isEmpty else { return }
        for bytes in try blobs.names() {
            let name = String(decoding: bytes, as: UTF8.self)
            if !kept.contains(name) { AtomicFile.remove(name, in: blobs) }
        }
    }

    /// Forces entries to the disk that were written without.
    func synchronize(_ names: [HistoryFileName]) throws(SystemError) {
        guard let folder = try Self.folder(path), let blobs = try Self.folder(path + "/" + Self.blobs) else { return }
        for blob in Set(names.compactMap(\.blob)) { try Self.synchronize(blob, in: blobs) }
        try blobs.synchronize()
        for name in names { try Self.synchronize(name.text, in: folder) }
        try folder.synchronize()
    }

    /// A file that was pruned meanwhile needs nothing.
    private static func synchronize(_ name: String, in folder: borrowing DirectoryHandle) throws(SystemError) {
        let number = unsafe openat(folder.descriptor.number, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else {
            guard errno == ENOENT else { throw SystemError("open") }
            return
        }
        let file = Descriptor(owning: number)
        guard fsync(file.number) == 0 else { throw SystemError("fsync") }
    }
}
