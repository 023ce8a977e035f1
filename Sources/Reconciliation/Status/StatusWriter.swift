import Dispatch
import Logging
import ProfileDirectory
import Synchronization

/// Writes `status.json` behind the loader's back, so that no disk stands between a change and the core.
///
/// Of the statuses that come while it writes or pauses, it writes the newest alone.
final class StatusWriter: Sendable {
    private let file: StatusFile
    private let logger: Logger
    private let queue = DispatchQueue(label: "millm.status")
    private let state = Mutex(State())

    private struct State {
        var waiting: LoaderStatus?
        var lastWrite = DispatchTime(uptimeNanoseconds: 1)
        var hasFailed = false
    }

    /// The time between two writes. The first status after a rest is written at once.
    private static let pause = DispatchTimeInterval.milliseconds(20)

    init(_ file: StatusFile, logger: Logger) {
        self.file = file
        self.logger = logger
    }

    /// Whether the file is older than the last status, since that could not be written.
    var hasFailed: Bool { state.withLock(\.hasFailed) }

    /// Takes a status to be written soon.
    func write(_ status: LoaderStatus) {
        let start: DispatchTime? = state.withLock { state in
            defer { state.waiting = status }
            return state.waiting == nil ? max(.now(), state.lastWrite + Self.pause) : nil
        }
        if let start { queue.asyncAfter(deadline: start) { self.writeNewest() } }
    }

    /// Returns when everything is written that came before.
    func flush() async {
        await withCheckedContinuation { continuation in
            queue.async {
                self.writeNewest()
                continuation.resume()
            }
        }
    }

    private func writeNewest() {
        let newest = state.withLock { state in
            state.lastWrite = .now()
            return state.waiting.take()
        }
        guard let status = newest else { return }
        do {
            try file.write(status)
            state.withLock { $0.hasFailed = false }
        } catch {
            let isKnown = state.withLock { state in
                defer { state.hasFailed = true }
                return state.hasFailed
            }
            // The status is still served by the API; the next change or safety poll writes the file again.
            guard !isKnown else { return }
            logger.warning("status.json could not be written", metadata: ["error": "\(error)"])
        }
    }
}
