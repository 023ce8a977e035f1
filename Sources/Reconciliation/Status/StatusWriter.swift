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
    }

    /// The time between two writes. The first status after a rest is written at once.
    private static let pause = DispatchTimeInterval.milliseconds(20)

    init(_ file: StatusFile, logger: Logger) {
        self.file = file
        self.logger = logger
    }

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
        } catch {
            // The status is still served by the API; the next change writes the file again.
            logger.warning("status.json could not be written", metadata: ["error": "\(error)"])
        }
    }
}
