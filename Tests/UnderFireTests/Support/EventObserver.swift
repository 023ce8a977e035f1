import CLinux
import Glibc
import Synchronization

@testable import FileWatching

/// Notes when the kernel tells of something, independently of the watch under test.
///
/// An event is read some 25 µs after the system call that caused it (FACTS §2); that much is missing in times
/// that count from it.
final class EventObserver: Sendable {
    private let events = Mutex<[(name: String, time: ContinuousClock.Instant)]>([])
    private let stopSignal: StopSignal

    /// Watches directories until ``stop()``.
    init(_ paths: [String]) throws {
        stopSignal = try StopSignal()
        let inotify = try Inotify()
        // All that changes a name or a content; not what only reads or touches.
        let mask = UInt32(IN_MODIFY | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)
        for path in paths { _ = try inotify.watch(path, mask: mask) }
        let reader = Reader(inotify: inotify)
        try startThread(named: "fire-observer") { [self] in
            while stopSignal.wait(for: reader.inotify.descriptor.number, timeout: .seconds(3600)) != .stopped {
                guard let batch = try? reader.inotify.events() else { return }
                let now = ContinuousClock.now
                self.events.withLock { events in
                    for event in batch { events.append((event.name ?? "", now)) }
                }
            }
        }
    }

    /// Keeps the instance alive for the thread.
    private final class Reader: Sendable {
        let inotify: Inotify

        init(inotify: consuming Inotify) {
            self.inotify = inotify
        }
    }

    func stop() {
        stopSignal.send()
    }

    /// When the last event of one of the names came that was not after a time.
    func last(of names: Set<String>, until time: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        events.withLock { $0.last { names.contains($0.name) && $0.time <= time }?.time }
    }
}
