package import FileWatching
package import Logging
package import ProfileDirectory
package import Profiles
package import Steering

/// The loop that makes the core run what the directory says.
///
/// **Desired** is what the directory says, **applied** what the core runs. A hint from the watcher only means
/// "look again"; what the directory holds then, told apart by content digests, decides. A valid change is
/// applied at once. What may be half way, since an editor or git is at it, is looked at again before it counts:
/// a link or file that is missing or invalid after ``settlingTime``, a file that is open for writing, or may be, after
/// its ``Completeness/rest``. What cannot be applied leaves the core as it is.
package actor ProfileLoader: SteeringController {
    /// How long a missing or invalid file is given to become whole.
    package static let settlingTime = Duration.milliseconds(50)

    /// How long a program that holds the file open for writing is given to close it; and how long a directory that has
    /// taken another's place must have been left alone before it counts that it has no link.
    package static let writingTime = Completeness.open.rest

    /// How often a directory that is being filled gets ``writingTime`` again.
    private static let fillingLimit = 15

    let directory: ActiveProfileReader
    let core: any InferenceCore
    let compiler: PlanCompiler
    let statusFile: StatusFile?
    private let statusWriter: StatusWriter?
    let forceRecord: ForceRecord?
    let history: AppliedHistory?
    let lock: DaemonLock?
    let logger: Logger
    let board: StatusBoard
    private let clock: any Clock<Duration>
    private let executor: FileExecutor

    /// The last look at the directory.
    var reading: ActiveProfileReader.Reading?
    /// What has been dealt with: applied, rejected, or held.
    var acknowledged: Sight?
    /// Steering that stands although the directory says something else.
    var override: SteeringOverride?
    /// Whether a change of `active` is being made that the core shall not follow.
    var isLookingAway = false
    var turnstile = Turnstile()
    /// Whether nothing has been dealt with yet.
    var isFresh = true
    /// What may be half way.
    private var doubt: Doubt?
    private var doubtCount = 0

    /// What was seen, as far as the core is concerned.
    struct Sight: Hashable {
        var gist: DesiredState.Gist
        /// Whether names that do not match are passed over.
        var isForced: Bool
    }

    private struct Doubt: Hashable {
        /// Tells apart two times when the same was in doubt.
        var number: Int
        var sight: Sight
        var time: Duration
        /// When names of the directory were last changed, if it has just taken another's place.
        var filled: Int64?
        var extensions = 0

        /// The same once more, if the directory has been filled since; nil if it has been left alone, or long enough.
        func extended(to modified: Int64?) -> Doubt? {
            guard filled != nil, filled != modified, extensions < ProfileLoader.fillingLimit else { return nil }
            var doubt = self
            doubt.filled = modified
            doubt.extensions += 1
            return doubt
        }
    }

    /// - Parameters:
    ///   - directory: Reads the `active` link and the profile that it points at.
    ///   - statusFile: Where the status is written for the command line; nil writes none.
    ///   - forceRecord: Tells which activation was forced; nil knows of none.
    ///   - history: Where what is applied is kept; and where the last good steering comes from if the directory cannot
    ///     be followed when the loader begins.
    ///   - lock: The daemon's right to serve the directory, which has to follow the path; nil serves without.
    ///   - clock: Measures ``settlingTime``.
    package init(
        directory: ActiveProfileReader,
        core: any InferenceCore,
        sae: SparseAutoencoder?,
        statusFile: StatusFile?,
        forceRecord: ForceRecord? = nil,
        history: AppliedHistory? = nil,
        lock: DaemonLock? = nil,
        logger: Logger,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.directory = directory
        self.core = core
        self.compiler = PlanCompiler(model: core.model, sae: sae)
        self.statusFile = statusFile
        statusWriter = statusFile.map { StatusWriter($0, logger: logger) }
        self.forceRecord = forceRecord
        self.history = history
        self.lock = lock
        self.logger = logger
        self.clock = clock
        executor = FileExecutor()
        board = StatusBoard(LoaderStatus(core: core, sae: sae))
    }

    /// File reads block, so the loader runs on a thread of its own.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    package nonisolated var status: LoaderStatus { board.status }

    package nonisolated var lastApplied: Timestamp? { board.lastApplied }

    package nonisolated func statusUpdates() -> AsyncStream<LoaderStatus> { board.updates() }

    package nonisolated func events(after id: LoaderEvent.ID?) -> LoaderEvent.Page { board.events(after: id) }

    package func reconcile() async -> LoaderStatus {
        await lookUntilSettled()
        return await written(status)
    }

    /// Who asks for a change finds it in `status.json`, too, when it is done.
    func written(_ status: LoaderStatus) async -> LoaderStatus {
        await statusWriter?.flush()
        return status
    }

    /// Looks at the directory as if for the first time: what was rejected is judged again, since its cause
    /// may lie outside the directory. What a request has set stands, for nothing has changed.
    package func rescan() async {
        if override == nil { acknowledged = nil }
        reading = nil
        var status = status
        status.counters.rescans += 1
        publish(status)
        _ = await reconcile()
    }

    /// Looks at the directory once it is watched, so that nothing is missed, and the first status tells how changes are
    /// noticed.
    package func begin(_ watch: DirectoryWatch) async -> LoaderStatus {
        var hints = watch.makeAsyncIterator()
        if let hint = await hints.next() {
            continueCounting()
            board.publish(noting(hint, of: watch), [])
        }
        return await reconcile()
    }

    /// Follows the watcher's hints until they end.
    package func follow(_ watch: DirectoryWatch) async {
        await withDiscardingTaskGroup { group in
            var settling: Doubt?
            for await hint in watch {
                note(hint, of: watch)
                if hint == .poll { writeAgain() }
                guard concerns(hint), let doubt = look(for: hint), doubt != settling else { continue }
                settling = doubt
                group.addTask { await self.settle(doubt) }
            }
            group.cancelAll()
        }
        history?.flush()
        await statusWriter?.flush()
    }

    /// Writes again what could not be written, or has been taken away with the state folder.
    private func writeAgain() {
        let isRenewed = lock?.renew() == true
        history?.writeAgain(includingLast: isRenewed)
        if let statusWriter, isRenewed || statusWriter.hasFailed { statusWriter.write(status) }
    }

    /// Whether a hint can be about what is applied. A checkout of thousands of other files is not.
    private func concerns(_ hint: WatchHint) -> Bool {
        guard let name = hint.name, doubt == nil, !isLookingAway, let reading else { return true }
        return reading.mayChange(with: name)
    }

    /// Looks now, and again when what is in doubt has had its time; but not for ever: a program that goes on writing
    /// must not hold up who waits. What is in doubt by then is left to the watcher's hints.
    ///
    /// - Parameter isDeliberate: Whether steering that is taken away is known not to be half of a change.
    func lookUntilSettled(isDeliberate: Bool = false) async {
        guard let doubt = look(isDeliberate: isDeliberate) else { return }
        await settle(doubt, within: Self.writingTime + Self.settlingTime)
    }

    /// Reads what the directory says and brings the core there.
    ///
    /// - Parameter settled: A doubt whose time is over: if it still holds, it counts.
    /// - Returns: A doubt that has to settle first.
    private func look(settled: Doubt? = nil, isDeliberate: Bool = false, for hint: WatchHint? = nil) -> Doubt? {
        // Who has made the loader look away looks when the change is made.
        guard !isLookingAway else { return nil }
        if isFresh, reading == nil { continueCounting() }
        let before = self.reading
        let reading = read(for: hint)
        let isReplaced = before?.directory != nil && before?.directory != reading.directory
        let sight = sight(of: reading)
        let isDealtWith = override?.stands(before: sight.gist, reading.link) ?? (sight == acknowledged)
        guard !isDealtWith else {
            doubt = nil
            return nil
        }
        let verdict = verdict(on: reading.desired, isForced: sight.isForced)
        if let time = verdict.settlingTime(of: reading.desired, inAnotherDirectory: isReplaced),
            !(isDeliberate && verdict.isDeactivation)
        {
            if doubt?.sight != sight {
                doubtCount += 1
                doubt = Doubt(
                    number: doubtCount,
                    sight: sight,
                    time: time,
                    filled: isReplaced && verdict.isDeactivation ? reading.modified : nil
                )
            }
            guard doubt == settled else { return doubt }
            if let extended = doubt?.extended(to: reading.modified) {
                doubt = extended
                return extended
            }
        }
        acknowledge(sight)
        carryOut(verdict, on: reading.desired)
        return nil
    }

    /// Reads the directory, and keeps what was read.
    func read(for hint: WatchHint? = nil) -> ActiveProfileReader.Reading {
        var reading = directory.read(after: self.reading, for: hint)
        if let finding = lock?.follow(to: reading.isGone ? nil : reading.directory) {
            reading.desired = .fault(finding)
        }
        self.reading = reading
        return reading
    }

    func sight(of reading: ActiveProfileReader.Reading) -> Sight {
        let isForced = reading.desired.id.flatMap { forceRecord?.forces($0) } ?? false
        return Sight(gist: reading.desired.gist, isForced: isForced)
    }

    /// Takes what was seen as dealt with; what stood against it does so no longer.
    func acknowledge(_ sight: Sight) {
        doubt = nil
        acknowledged = sight
        override = nil
        // Only now, since the link may have been away for a moment.
        if !sight.isForced { forceRecord?.removeIfOutdated(in: directory.path) }
    }

    /// Looks again when the doubt's time is over, until nothing is in doubt.
    ///
    /// - Parameter patience: How long all doubts together may take; nil waits for every one.
    private func settle(_ doubt: Doubt, within patience: Duration? = nil) async {
        var next: Doubt? = doubt
        var waited = Duration.zero
        while let doubt = next {
            waited += doubt.time
            if let patience, waited > patience { return }
            // A sleep fails only if it is cancelled: the daemon is shutting down.
            guard (try? await clock.sleep(for: doubt.time)) != nil else { return }
            next = look(settled: doubt)
        }
    }

    /// Tells a status to all who want to know.
    ///
    /// - Parameter news: What has led to it; that `degraded` has ended is added where an apply does not tell it.
    func publish(_ status: LoaderStatus, _ news: News = []) {
        let isRecovered = self.status.state == .degraded && status.state != .degraded
        let isTold = !isRecovered || news.contains { $0.kind == .applied }
        board.publish(status, isTold ? news : news + [(.recovered, status.desired?.id)])
        statusWriter?.write(status)
    }

    /// Keeps the watcher's part of the status.
    private func note(_ hint: WatchHint, of watch: DirectoryWatch) {
        let status = noting(hint, of: watch)
        if status != self.status { publish(status) }
    }

    private func noting(_ hint: WatchHint, of watch: DirectoryWatch) -> LoaderStatus {
        var status = status
        status.mode =
            switch watch.mode {
            case .inotify: .inotify
            case .polling: .polling
            }
        status.counters.overflows = watch.overflows
        if hint == .rescan { status.counters.rescans += 1 }
        return status
    }
}
