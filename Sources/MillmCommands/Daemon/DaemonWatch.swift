import FileWatching
import ProfileDirectory
import Profiles

/// Follows the status that the daemon writes, by the kernel's notice of every new one.
struct DaemonWatch: Sendable {
    /// How a change ended.
    struct Outcome: Sendable {
        var verdict: AwaitedChange.Verdict
        /// The status that told it.
        var status: LoaderStatus
        /// The time from the start of the change to the verdict.
        var duration: Duration

        /// The time in milliseconds, rounded to a tenth.
        var milliseconds: Double { (duration / .milliseconds(1) * 10).rounded() / 10 }

        /// `generation 13, after 12.5 ms`.
        var summary: String { "generation \(status.generation), after \(milliseconds) ms" }
    }

    private let state: StateDirectory
    /// The directory of profiles, for messages.
    private let directory: String
    private let watch: DirectoryWatch

    /// Begins to watch.
    ///
    /// - Throws: ``CommandFailure`` if the system has no watch to give.
    init(_ state: StateDirectory, directory: String) throws(CommandFailure) {
        self.state = state
        self.directory = directory
        do {
            watch = try DirectoryWatch(state.path)
        } catch {
            throw CommandFailure(.usage, "IO_ERROR", "'\(state.path)' cannot be watched: \(error).")
        }
    }

    /// The daemon now and after every change of its status, until the task is cancelled.
    func states(_ body: (Daemon) async throws -> Void) async throws {
        var last: Daemon?
        for await _ in watch {
            let daemon = try Daemon(in: state.foundAgain)
            if daemon != last { try await body(daemon) }
            last = daemon
        }
    }

    /// Makes a change and waits for what the daemon makes of it.
    ///
    /// - Parameters:
    ///   - limit: How long to wait once the change is made.
    ///   - isJudgedAnew: Whether the daemon may reject what it has applied.
    ///   - change: Makes the change and tells what to wait for. It is not called if no daemon is running.
    /// - Throws: ``CommandFailure`` if no daemon is running or it does not answer in time, and what `change` throws.
    func outcome(
        within limit: WaitLimit,
        judgedAnew isJudgedAnew: Bool = false,
        of change: () async throws -> AwaitedChange
    ) async throws -> Outcome {
        // The first hint says that the watch is set: from here on no status is missed.
        for await _ in watch { break }
        let daemon = try Daemon(in: state)
        guard let before = daemon.runningStatus else {
            if case .silent(let pid) = daemon {
                let message = Daemon.silence(of: pid, serving: directory)
                throw CommandFailure(.usage, "NO_STATUS", message + " Nothing was changed; leave out --wait.")
            }
            throw CommandFailure(
                .usage,
                "NO_DAEMON",
                "No daemon is running for '\(directory)', so there is nothing to wait for, and nothing was changed. "
                    + "Start millmd, or leave out --wait."
            )
        }
        let start = ContinuousClock.now
        let awaited = try await change()
        if isJudgedAnew { try await awaitNews(since: before) }
        let told = try await result(within: .seconds(limit.seconds)) { try await verdict(on: awaited, before: before) }
        guard let (verdict, status) = told else { throw try silence(for: limit) }
        return Outcome(verdict: verdict, status: status, duration: .now - start)
    }

    /// The daemon once it follows what the directory says; as it is then if that takes longer than a moment.
    ///
    /// It takes milliseconds, and the loader's settling time where what is there may be half way.
    func settled(within moment: Duration = .milliseconds(300)) async throws -> Following {
        let settled = try await result(within: moment) {
            repeat {
                let following = try Following(state, directory: directory)
                if following.pending == nil { return following }
            } while await nextHint()
            return nil
        }
        return try settled ?? Following(state, directory: directory)
    }

    /// Waits a moment for another status; what is judged anew and comes out as before is not told again.
    private func awaitNews(since before: LoaderStatus) async throws {
        _ = try await result(within: .milliseconds(300)) {
            while try Daemon(in: state).runningStatus == before, await nextHint() {}
            return true
        }
    }

    /// What the body comes to; nil if it takes longer than that.
    private func result<Value: Sendable>(
        within limit: Duration,
        of body: @escaping @Sendable () async throws -> Value?
    ) async throws -> Value? {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private func verdict(
        on change: AwaitedChange,
        before: LoaderStatus
    ) async throws -> (AwaitedChange.Verdict, LoaderStatus)? {
        repeat {
            let status = try Daemon(in: state).runningStatus
            if let status {
                if let verdict = current(change).verdict(of: status, before: before) { return (verdict, status) }
                if supersession(of: change, in: status) != nil {
                    // Who replaces the link may take the old one away first.
                    try await Task.sleep(for: .milliseconds(100))
                    if let failure = supersession(of: change, in: status) { throw failure }
                }
            }
        } while await nextHint()
        return nil
    }

    /// That the directory says something else by now, which the daemon follows; nil if it does not.
    private func supersession(of change: AwaitedChange, in status: LoaderStatus) -> CommandFailure? {
        let desired = ActiveProfileReader(path: directory).read().desired
        // What cannot be followed may be half of a save.
        switch desired {
        case .directoryGone, .fault: return nil
        case .absent, .profile, .unreadable: break
        }
        let id = LoaderStatus.Desired(desired)?.id
        guard id != change.id, status.isAbout(desired) else { return nil }
        let now = id.map { "'\($0.description.escapedForDisplay)' is the active profile" } ?? "no profile is active"
        let message = "The change was saved, but another program has changed it since: \(now) now."
        return CommandFailure(.usage, "SUPERSEDED", message)
    }

    /// The change as it is by now: what others have saved since is what the daemon follows.
    private func current(_ change: AwaitedChange) -> AwaitedChange {
        guard case .activation(let id, _, let isNewlyForced) = change,
            case .profile(let active) = ActiveProfileReader(path: directory).read().desired, active.file.id == id
        else { return change }
        return .activation(of: id, digest: active.file.digest, isNewlyForced: isNewlyForced)
    }

    private func nextHint() async -> Bool {
        for await _ in watch { return true }
        return false
    }

    private func silence(for limit: WaitLimit) throws(ProfileError) -> CommandFailure {
        let start = "The change is saved, but "
        switch try Daemon(in: state) {
        case .running(let status):
            return CommandFailure(
                .usage,
                "TIMEOUT",
                "\(start)the daemon (pid \(status.pid)) has not followed it within \(limit) s; its state is "
                    + "\(status.state.rawValue). 'millm status' shows more."
            )
        case .silent(let pid):
            let message = Daemon.silence(of: pid, serving: directory)
            return CommandFailure(.usage, "NO_STATUS", "The change is saved. \(message)")
        case .stopped, .unknown:
            return CommandFailure(.usage, "NO_DAEMON", "\(start)the daemon has ended meanwhile.")
        }
    }
}

extension ContinuousClock.Instant {
    fileprivate static func - (later: Self, earlier: Self) -> Duration { earlier.duration(to: later) }
}
