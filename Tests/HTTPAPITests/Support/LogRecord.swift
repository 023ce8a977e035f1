import Logging
import Synchronization

/// What was logged, line by line.
final class LogRecord: Sendable {
    struct Line: Hashable {
        var level: Logger.Level
        var message: String
        /// The metadata, written out.
        var fields: [String: String]
    }

    private let recorded = Mutex<[Line]>([])
    private let continuation: AsyncStream<Line>.Continuation

    /// The lines as they come.
    let stream: AsyncStream<Line>

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1024))
    }

    var lines: [Line] { recorded.withLock { $0 } }

    /// A handler that writes here.
    var handler: some LogHandler { Handler(record: self) }

    private struct Handler: LogHandler {
        let record: LogRecord
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let line = Line(
                level: event.level,
                message: event.message.description,
                fields: all.mapValues(\.description)
            )
            record.recorded.withLock { $0.append(line) }
            record.continuation.yield(line)
        }
    }
}
