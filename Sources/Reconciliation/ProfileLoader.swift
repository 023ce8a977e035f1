package import FileWatching
package import Logging
package import ProfileDirectory
import Profiles
package import Steering

/// The loop that makes the core run what the directory says.
///
/// **Desired** is what the directory says, **applied** what the core runs. A hint from the watcher only means
/// "look again"; what the directory holds then, told apart by content digests, decides. A valid change is
/// applied at once. What may be half way, since an editor or git is at it, is looked at again before it counts:
/// a link or file that is missing or invalid after ``settlingTime``, a file that is open for writing after
/// ``writingTime``. What cannot be applied leaves the core as it is.
package actor ProfileLoader: SteeringController {
    /// How long a missing or invalid file is given to become whole.
    package static let settlingTime = Duration.milliseconds(50)

    /// How long a program that holds the file open for writing is given to close it.
    package static let writingTime = Duration.seconds(2)

    private let directory: ActiveProfileReader
    private let core: any InferenceCore
    private let compiler: PlanCompiler
    private let statusFile: StatusFile?
    private let logger: Logger
    private let clock: any Clock<Duration>
    private let executor: FileExecutor
    private let board: StatusBoard

    /// The last look at the directory.
    private var reading: ActiveProfileReader.Reading?
    /// The desired state that has been dealt with: applied, or rejected.
    private var acknowledged: DesiredState.Gist?
    /// What may be half way.
    private var doubt: Doubt?
    private var doubtCount = 0

    private struct Doubt: Hashable {
        /// Tells apart two times when the same was in doubt.
        var number: Int
        var gist: DesiredState.Gist
        var time: Duration
    }

    /// - Parameters:
    ///   - directory: Reads the `active` link and the profile that it points at.
    ///   - statusFile: Where the status is written for the command line; nil writes none.
    ///   - clock: Measures ``settlingTime``.
    package init(
        directory: ActiveProfileReader,
        core: any InferenceCore,
        sae: SparseAutoencoder?,
        statusFile: StatusFile?,
        logger: Logger,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.directory = directory
        self.core = core
        self.compiler = PlanCompiler(model: core.model, sae: sae)
        self.statusFile = statusFile
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

    package nonisolated func statusUpdates() -> AsyncStream<LoaderStatus> { board.updates() }

    package func reconcile() async -> LoaderStatus {
        if let doubt = look() { await settle(doubt) }
        return status
    }

    /// Looks at the directory as if for the first time: what was rejected is judged again, since its cause
    /// may lie outside the directory.
    package func rescan() async {
        acknowledged = nil
        reading = nil
        var status = status
        status.counters.rescans += 1
        publish(status)
        _ = await reconcile()
    }

    /// Follows the watcher's hints until they end.
    package func follow(_ watch: DirectoryWatch) async {
        await withDiscardingTaskGroup { group in
            var settling: Doubt?
            for await hint in watch {
                note(hint, of: watch)
                guard let doubt = look(), doubt != settling else { continue }
                settling = doubt
                group.addTask { await self.settle(doubt) }
            }
            group.cancelAll()
        }
    }

    // MARK: - Looking

    /// Reads what the directory says and brings the core there.
    ///
    /// - Parameter settled: A doubt whose time is over: if it still holds, it counts.
    /// - Returns: A doubt that has to settle first.
    private func look(settled: Doubt? = nil) -> Doubt? {
        let before = self.reading
        let reading = directory.read(after: before)
        self.reading = reading
        let isReplaced = before?.directory != nil && before?.directory != reading.directory
        let gist = reading.desired.gist
        guard gist != acknowledged else {
            doubt = nil
            return nil
        }
        let verdict = verdict(on: reading.desired)
        if let time = verdict.settlingTime(of: reading.desired, inAnotherDirectory: isReplaced) {
            if doubt?.gist != gist {
                doubtCount += 1
                doubt = Doubt(number: doubtCount, gist: gist, time: time)
            }
            guard doubt == settled else { return doubt }
        }
        doubt = nil
        acknowledged = gist
        carryOut(verdict, on: reading.desired)
        return nil
    }

    /// Looks again when the doubt's time is over, until nothing is in doubt.
    private func settle(_ doubt: Doubt) async {
        var next: Doubt? = doubt
        while let doubt = next {
            // A sleep fails only if it is cancelled: the daemon is shutting down.
            guard (try? await clock.sleep(for: doubt.time)) != nil else { return }
            next = look(settled: doubt)
        }
    }

    /// Keeps the watcher's part of the status.
    private func note(_ hint: WatchHint, of watch: DirectoryWatch) {
        var status = status
        status.mode =
            switch watch.mode {
            case .inotify: .inotify
            case .polling: .polling
            }
        status.counters.overflows = watch.overflows
        if hint == .rescan { status.counters.rescans += 1 }
        if status != self.status { publish(status) }
    }

    // MARK: - Judging

    private enum Verdict {
        /// A valid profile that the core does not run yet.
        case apply(SteeringPlan)
        /// The core runs it already.
        case keep
        /// No profile is active.
        case deactivate
        /// It cannot be applied: the core goes on as it is.
        case reject(LoaderStatus.Reason)

        /// How long to wait before it counts; nil counts at once.
        ///
        /// - Parameter isReplaced: Whether the path leads to another directory than before: one that is being
        ///   copied or restored gets its link last.
        func settlingTime(of desired: DesiredState, inAnotherDirectory isReplaced: Bool) -> Duration? {
            if case .profile(let active) = desired, active.isBeingWritten { return ProfileLoader.writingTime }
            if case .deactivate = self, isReplaced { return ProfileLoader.writingTime }
            switch self {
            case .apply, .keep: return nil
            case .deactivate, .reject: return ProfileLoader.settlingTime
            }
        }
    }

    private func verdict(on desired: DesiredState) -> Verdict {
        switch desired {
        case .absent:
            return .deactivate
        case .fault(let finding), .directoryGone(let finding), .unreadable(_, let finding):
            return .reject(LoaderStatus.Reason(finding))
        case .profile(let active):
            let file = active.file
            let applied = status.applied
            if applied?.source == .directory, applied?.id == file.id, applied?.digest == file.digest { return .keep }
            do throws(ProfileError) {
                return .apply(try compiler.plan(for: file))
            } catch {
                return .reject(LoaderStatus.Reason(error))
            }
        }
    }

    // MARK: - Acting

    private func carryOut(_ verdict: Verdict, on desired: DesiredState) {
        var status = status
        status.desired = LoaderStatus.Desired(desired)
        status.reason = nil
        switch verdict {
        case .apply(let plan):
            apply(plan, to: &status)
        case .keep:
            status.state = .ok
        case .deactivate:
            if status.applied != nil { apply(.unsteered, to: &status) }
            if status.reason == nil { status.state = .inactive }
        case .reject(let reason):
            reject(reason, in: &status)
        }
        publish(status)
    }

    private func apply(_ plan: SteeringPlan, to status: inout LoaderStatus) {
        do throws(InferenceError) {
            try core.apply(plan)
        } catch {
            reject(LoaderStatus.Reason(code: error.code.rawValue, message: error.message, since: .now()), in: &status)
            return
        }
        status.state = .ok
        status.generation += 1
        status.counters.applies += 1
        status.applied = plan.origin.map { LoaderStatus.Applied(plan, origin: $0, source: .directory, at: .now()) }
        logger.info(
            "applied",
            metadata: [
                "profile": "\(plan.origin?.profile.description ?? "none")",
                "features": "\(plan.strengths.count)",
                "generation": "\(status.generation)",
            ]
        )
    }

    private func reject(_ reason: LoaderStatus.Reason, in status: inout LoaderStatus) {
        status.state = .degraded
        status.reason = reason
        status.counters.rejections += 1
        let place = [reason.file, reason.line.map(String.init), reason.column.map(String.init)].compactMap(\.self)
        logger.warning(
            "rejected, the core stays as it is",
            metadata: [
                "code": "\(reason.code)", "at": "\(place.joined(separator: ":"))", "reason": "\(reason.message)",
            ]
        )
    }

    private func publish(_ status: LoaderStatus) {
        board.publish(status)
        do {
            try statusFile?.write(status)
        } catch {
            // The status is still served by the API; the next change writes the file again.
            logger.warning("status.json could not be written", metadata: ["error": "\(error)"])
        }
    }
}
