import Dispatch
import FileWatching
import FoundationEssentials
import Glibc
package import Profiles
import Synchronization

/// What was applied when, with its bytes: the last 100, and besides what this program wrote and displaced lately.
///
/// The daemon's entries go through a queue of their own, so that no disk stands between a change and the core; what a
/// writer must not lose is kept before it goes on. Calls that read or keep block on the file system.
package final class AppliedHistory: Sendable {
    private struct Pending {
        var records: [HistoryRecord] = []
        /// What was to be written last, written or not.
        var last: HistoryRecord?
        var isScheduled = false
        var hasFailed = false
        var lastBatch = DispatchTime(uptimeNanoseconds: 1)
        /// What the disk has not been forced to keep yet.
        var unsynchronized: [HistoryFileName] = []
        var isSynchronizing = false
    }

    private let store: HistoryStore
    let markerFolder: String
    private let pending = Mutex(Pending())
    private let queue = DispatchQueue(label: "millm.history", qos: .utility)
    private let onFailure: @Sendable (ProfileError) -> Void

    /// More need not wait: they would push each other out anyhow.
    private static let limit = HistoryStore.Limit.of(.applied).entries
    /// The time between two batches. The first change after a rest is written at once.
    private static let pause = DispatchTimeInterval.milliseconds(20)
    /// How long nothing may have come before the disk is forced to keep what was written.
    private static let rest = DispatchTimeInterval.seconds(1)

    /// - Parameters:
    ///   - state: The state folder, which need not be there before something is written.
    ///   - onFailure: Hears of what could not be written later.
    package init(in state: StateDirectory, onFailure: @escaping @Sendable (ProfileError) -> Void = { _ in }) {
        store = HistoryStore(in: state)
        markerFolder = state.path
        self.onFailure = onFailure
    }

    // MARK: - Reading

    /// All entries, newest first.
    ///
    /// - Throws: `.inputOutput`.
    package func entries() throws(ProfileError) -> [HistoryEntry] {
        try entries(of: Set(HistoryEntry.Kind.allCases))
    }

    /// What was applied, newest first. An entry without a digest tells that no profile was active any more.
    ///
    /// - Throws: `.inputOutput`.
    package func applied() throws(ProfileError) -> [HistoryEntry] {
        try entries(of: [.applied])
    }

    private func entries(of kinds: Set<HistoryEntry.Kind>) throws(ProfileError) -> [HistoryEntry] {
        do {
            return try store.entries(of: kinds)
        } catch {
            throw ProfileError("The history cannot be read", error)
        }
    }

    /// The bytes with a digest; nil if they are not kept any more.
    ///
    /// - Throws: `.inputOutput`.
    package func bytes(of digest: ContentDigest) throws(ProfileError) -> [UInt8]? {
        do {
            return try store.bytes(of: digest)
        } catch {
            throw ProfileError("The history cannot be read", error)
        }
    }

    /// The file's bytes that the core ran last, if they came from the directory and steering was not taken away since.
    ///
    /// Steering that was set for the moment, without a file, does not outlive the daemon.
    ///
    /// - Throws: `.inputOutput`.
    package func lastGood() throws(ProfileError) -> (entry: HistoryEntry, bytes: [UInt8])? {
        guard let entry = try applied().first(where: { $0.source != .api }), let digest = entry.digest,
            let bytes = try bytes(of: digest)
        else { return nil }
        return (entry, bytes)
    }

    // MARK: - Writing

    /// Remembers what was applied; it is written soon, by another thread.
    package func record(_ record: HistoryRecord) {
        schedule { pending in
            pending.records.append(record)
            pending.last = record
        }
    }

    /// Writes again soon what could not be written.
    ///
    /// - Parameter isRenewed: Whether what was written is gone, so that what is applied has to be written as well.
    package func writeAgain(includingLast isRenewed: Bool) {
        schedule { pending in
            if isRenewed, pending.records.isEmpty, let last = pending.last { pending.records = [last] }
        }
    }

    private func schedule(_ adding: (inout Pending) -> Void) {
        let start: DispatchTime? = pending.withLock { pending in
            adding(&pending)
            if pending.records.count > Self.limit { pending.records.removeFirst() }
            guard !pending.isScheduled, !pending.records.isEmpty else { return nil }
            pending.isScheduled = true
            return max(.now(), pending.lastBatch + Self.pause)
        }
        if let start { queue.asyncAfter(deadline: start) { self.write() } }
    }

    /// Writes what waits to be written.
    package func flush() {
        queue.sync { write() }
    }

    /// Called on the queue.
    private func write() {
        var records = pending.withLock { pending in
            defer { pending.records = [] }
            pending.isScheduled = false
            pending.lastBatch = .now()
            return pending.records
        }
        guard !records.isEmpty else { return }
        do {
            synchronizeLater(try store.append(&records, durability: .volatile))
            pending.withLock { $0.hasFailed = false }
        } catch {
            let isKnown = pending.withLock { pending in
                defer { pending.hasFailed = true }
                pending.records = (records + pending.records).suffix(Self.limit)
                return pending.hasFailed
            }
            if !isKnown { onFailure(Self.failure(error)) }
        }
    }

    private func synchronizeLater(_ names: [HistoryFileName]) {
        let isNew = pending.withLock { pending in
            defer { pending.isSynchronizing = true }
            pending.unsynchronized = (pending.unsynchronized + names).suffix(Self.limit)
            return !pending.isSynchronizing
        }
        guard isNew else { return }
        queue.asyncAfter(deadline: .now() + Self.rest) { self.synchronize() }
    }

    /// Called on the queue. While changes follow each other, it waits: a disk that is busy would hold them up.
    private func synchronize() {
        let names: [HistoryFileName]? = pending.withLock { pending in
            guard !pending.isScheduled, pending.lastBatch + Self.rest <= .now() else { return nil }
            defer { pending.unsynchronized = [] }
            pending.isSynchronizing = false
            return pending.unsynchronized
        }
        guard let names else {
            return queue.asyncAfter(deadline: .now() + Self.rest) { self.synchronize() }
        }
        do throws(SystemError) {
            try store.synchronize(names)
        } catch {
            onFailure(ProfileError("The history may not outlast a loss of power", error))
        }
    }

    /// Keeps what must not be lost, before the caller goes on.
    ///
    /// - Throws: `.inputOutput`.
    func keep(_ record: HistoryRecord, durability: AtomicFile.Durability) throws(ProfileError) {
        do {
            var records = [record]
            try store.append(&records, durability: durability)
        } catch {
            throw Self.failure(error)
        }
    }

    /// Takes away what a crash has left.
    ///
    /// - Throws: `.inputOutput`.
    package func recover() throws(ProfileError) {
        do {
            try store.prune()
        } catch {
            throw Self.failure(error)
        }
    }

    private static func failure(_ error: any Error) -> ProfileError {
        switch error {
        case let error as ProfileError: error
        case let error as SystemError: ProfileError("The history cannot be written", error)
        case WriteFailure.system(let error): ProfileError("The history cannot be written", error)
        case WriteFailure.unconfirmed(let error): ProfileError("The history may not outlast a loss of power", error)
        default: ProfileError(.inputOutput, "The history cannot be written.", cause: error)
        }
    }
}
