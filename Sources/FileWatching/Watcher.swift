/// The loop of the watching thread: it sets the watches, turns events into hints, and looks after both.
final class Watcher: Sendable {
    typealias MakeInotify = @Sendable () throws(SystemError) -> Inotify

    private let path: String
    private let pollInterval: Duration
    private let buffer: HintBuffer
    private let report: WatchReport
    private let stopSignal: StopSignal
    private let makeInotify: MakeInotify

    init(
        path: String,
        pollInterval: Duration,
        buffer: HintBuffer,
        report: WatchReport,
        stopSignal: StopSignal,
        makeInotify: @escaping MakeInotify
    ) {
        self.path = path
        self.pollInterval = pollInterval
        self.buffer = buffer
        self.report = report
        self.stopSignal = stopSignal
        self.makeInotify = makeInotify
    }

    /// Runs until the stop signal is sent.
    func run() {
        var isStopped = false
        while !isStopped {
            // Whatever made inotify fail, the answer is the same: poll, and try again.
            isStopped = (try? watch()) ?? rest()
        }
    }

    /// Bridges one interval without inotify.
    ///
    /// - Returns: Whether the stop signal was sent.
    private func rest() -> Bool {
        if report.mode == .inotify {
            report.mode = .polling
            buffer.add([PathTrail(following: path).directory == nil ? .gone : .rescan])
        }
        if stopSignal.wait(for: nil, timeout: pollInterval) == .stopped { return true }
        buffer.add([.poll])
        return false
    }

    /// Watches with inotify until the stop signal is sent.
    ///
    /// - Returns: True: the signal was sent.
    /// - Throws: If there is no inotify to be had, or none any more.
    private func watch() throws(SystemError) -> Bool {
        let inotify = try makeInotify()
        var arming = try WatchArming(path, with: inotify)
        announce(arming)
        var nextPoll = ContinuousClock.now + pollInterval
        while true {
            switch stopSignal.wait(for: inotify.descriptor.number, timeout: nextPoll - .now) {
            case .stopped:
                return true
            case .readable:
                guard handle(try inotify.events(), under: arming) else { break }
                try rearm(&arming, with: inotify)
            case .timeout:
                nextPoll = .now + pollInterval
                // What no event tells of: a mount over the directory, an ancestor that was renamed.
                if PathTrail(following: path) != arming.trail { try rearm(&arming, with: inotify) }
                buffer.add([.poll])
            }
        }
    }

    /// Passes on what a batch of events says.
    ///
    /// - Returns: Whether the watches have to be set again.
    private func handle(_ events: [Inotify.Event], under arming: WatchArming) -> Bool {
        var hints: [WatchHint] = []
        var mustRearm = false
        for event in events {
            switch arming.meaning(of: event) {
            case .noise: break
            case .hint(let hint): if hints.last != hint { hints.append(hint) }
            case .rearm: mustRearm = true
            case .overflow:
                report.countOverflow()
                // What was lost may have been about the path.
                mustRearm = true
            }
        }
        buffer.add(hints)
        return mustRearm
    }

    private func rearm(_ arming: inout WatchArming, with inotify: borrowing Inotify) throws(SystemError) {
        let earlier = arming
        arming = try WatchArming(path, with: inotify)
        announce(arming)
        // Only now: ending a watch can take the kernel milliseconds.
        arming.release(watchesOf: earlier, with: inotify)
    }

    private func announce(_ arming: WatchArming) {
        report.mode = arming.isComplete || arming.trail.directory == nil ? .inotify : .polling
        buffer.add([arming.trail.directory == nil ? .gone : .rescan])
    }
}
