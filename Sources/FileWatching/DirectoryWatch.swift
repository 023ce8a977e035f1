import Synchronization

/// Watches one directory by its path, whatever the path leads to over time, and tells where to look.
///
/// The first hint is ``WatchHint/rescan``, sent when the watches are set: whoever looks at the directory
/// on hints alone misses nothing. Besides the directory, its parent and every symbolic link on the path
/// are watched; a directory that is moved, deleted, recreated, mounted over or reached through a swapped
/// link is armed again by itself. Without inotify, ``mode`` says so and the safety poll remains.
///
/// The sequence has one reader. It ends after ``stop()`` and when the watch is released.
///
/// ```swift
/// for await hint in try DirectoryWatch("/srv/profiles") { reconcile(hint) }
/// ```
package final class DirectoryWatch: AsyncSequence, Sendable {
    package typealias Element = WatchHint

    private let buffer: HintBuffer
    private let stopSignal: StopSignal
    private let report: WatchReport

    /// Begins to watch, on a thread of its own.
    ///
    /// - Parameters:
    ///   - path: The directory, which need not exist. A relative path counts from where the process is,
    ///     wherever that is moved.
    ///   - pollInterval: The time between two hints of the safety poll.
    ///   - limit: The greatest number of names that wait to be read.
    /// - Throws: `EMFILE`, `EAGAIN` if the process has no descriptor or thread left.
    package convenience init(
        _ path: String,
        pollInterval: Duration = .seconds(2),
        limit: Int = 1024
    ) throws(SystemError) {
        try self.init(
            path,
            pollInterval: pollInterval,
            limit: limit,
            makeInotify: { () throws(SystemError) in try Inotify() }
        )
    }

    /// - Parameter makeInotify: Called at the start and, while it fails, once an interval; a test can make it fail.
    init(
        _ path: String,
        pollInterval: Duration,
        limit: Int,
        makeInotify: @escaping Watcher.MakeInotify
    ) throws(SystemError) {
        buffer = HintBuffer(limit: limit)
        report = WatchReport()
        stopSignal = try StopSignal()
        let watcher = Watcher(
            path: path,
            pollInterval: pollInterval,
            buffer: buffer,
            report: report,
            stopSignal: stopSignal,
            makeInotify: makeInotify
        )
        try startThread(named: "millm-watch") { watcher.run() }
    }

    deinit {
        stop()
    }

    /// How changes are noticed. Settled when the first hint arrives.
    package var mode: WatchMode { report.mode }

    /// How often the kernel's queue of events overflowed.
    package var overflows: Int { report.overflows }

    /// Ends the watch and with it the sequence. May be called several times.
    package func stop() {
        stopSignal.send()
        buffer.finish()
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(watch: self)
    }

    package struct Iterator: AsyncIteratorProtocol {
        // Keeps the watch alive while it is read.
        let watch: DirectoryWatch

        /// The next hint; nil when the watch has ended or the task is cancelled.
        package mutating func next() async -> WatchHint? {
            await watch.buffer.next()
        }

        package mutating func next(isolation: isolated (any Actor)?) async -> WatchHint? {
            await watch.buffer.next()
        }
    }
}

/// What the watching thread tells about itself.
final class WatchReport: Sendable {
    private let state = Mutex((mode: WatchMode.inotify, overflows: 0))

    var mode: WatchMode {
        get { state.withLock { $0.mode } }
        set { state.withLock { $0.mode = newValue } }
    }

    var overflows: Int { state.withLock { $0.overflows } }

    func countOverflow() {
        state.withLock { $0.overflows += 1 }
    }
}
