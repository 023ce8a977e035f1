import Dispatch
import Logging
import ProfileDirectory
import Synchronization

/// Writes `status.json` behind the loader's back, so that no disk stands between a change and the core.
///
/// Of the statuses that come while it writes, it writes the newest alone.
final class StatusWriter: Sendable {
    private let file: StatusFile
    private let logger: Logger
    private let queue = DispatchQueue(label: "millm.status")
    private let waiting = Mutex<LoaderStatus?>(nil)

    init(_ file: StatusFile, logger: Logger) {
        self.file = file
        self.logger = logger
    }

    /// Takes a status to be written soon.
    func write(_ status: LoaderStatus) {
        let isFirst = waiting.withLock { waiting in
            defer { waiting = status }
            return waiting == nil
        }
        if isFirst { queue.async { self.writeNewest() } }
    }

    /// Returns when everything is written that came before.
    func flush() async {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume() }
        }
    }

    private func writeNewest() {
        guard let status = waiting.withLock({ $0.take() }) else { return }
        do {
            try file.write(status)
        } catch {
            // The status is still served by the API; the next change writes the file again.
            logger.warning("status.json could not be written", metadata: ["error": "\(error)"])
        }
    }
}
