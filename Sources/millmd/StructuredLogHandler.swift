import Dispatch
import Foundation
import Logging
import Profiles
import Synchronization

/// How lines of the log are written.
enum LogFormat: String, CaseIterable, Sendable {
    /// `time=… level=info message="…" key=value`
    case logfmt
    /// An object a line. What was logged as a number or a truth value is one there, too.
    case json

    /// One line, with its line break.
    func line(_ fields: [(key: String, value: Logger.MetadataValue)]) -> String {
        switch self {
        case .logfmt:
            fields.map { "\(Self.bare($0.key))=\(Self.logfmt($0.value.description))" }.joined(separator: " ") + "\n"
        case .json:
            JSONValue.object(fields.map { JSONValue.Member($0.key, Self.json($0.value)) }).text(indentation: nil) + "\n"
        }
    }

    private static func json(_ value: Logger.MetadataValue) -> JSONValue {
        guard case .stringConvertible(let value) = value else { return .string(value.description) }
        return switch value {
        case let number as Int: .integer(number)
        case let number as Double where number.isFinite: .number(number)
        case let flag as Bool: .bool(flag)
        default: .string(value.description)
        }
    }

    /// A key that cannot be taken for anything else.
    private static func bare(_ key: String) -> String {
        String(key.map { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) ? $0 : "_" })
    }

    /// A value as it is, or quoted where it could be taken for something else.
    private static func logfmt(_ value: String) -> String {
        let isPlain =
            !value.isEmpty
            && value.unicodeScalars.allSatisfy { scalar in
                scalar.value > 0x20 && !"\"=\\".unicodeScalars.contains(scalar) && scalar.value != 0x7F
                    && !(0x80...0x9F).contains(scalar.value) && scalar.value != 0x2028 && scalar.value != 0x2029
            }
        return isPlain ? value : JSONValue.string(value).text(indentation: nil)
    }
}

/// Where lines of the log wait for whoever reads standard error, on a queue of its own: a reader that stops reading
/// must not stop the daemon.
final class LogOutput: Sendable {
    static let standardError = LogOutput()

    /// How many lines may wait; further ones are dropped, and counted.
    private static let limit = 10_000

    private let queue = DispatchQueue(label: "millm.log")
    private let state = Mutex((waiting: 0, dropped: 0))

    func write(_ line: String) {
        let isTaken = state.withLock { state in
            guard state.waiting < Self.limit else {
                state.dropped += 1
                return false
            }
            state.waiting += 1
            return true
        }
        guard isTaken else { return }
        queue.async { [self] in
            try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
            let dropped = state.withLock { state in
                defer { state.dropped = 0 }
                state.waiting -= 1
                return state.dropped
            }
            guard dropped > 0 else { return }
            let note = "message=\"\(dropped) lines of the log were dropped, since nobody read them\"\n"
            try? FileHandle.standardError.write(contentsOf: Data(note.utf8))
        }
    }
}

/// Writes lines for programs to standard error, whoever reads them: each is one write, so none is torn.
struct StructuredLogHandler: LogHandler {
    let format: LogFormat
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    /// Where a line goes.
    var write: @Sendable (String) -> Void = { LogOutput.standardError.write($0) }

    init(format: LogFormat) {
        self.format = format
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let given = metadata.merging(event.metadata ?? [:]) { $1 }
        let fields =
            [
                (key: "time", value: "\(Timestamp.now())"),
                (key: "level", value: "\(event.level.rawValue)"),
                (key: "message", value: "\(event.message)"),
            ] + given.sorted { $0.key < $1.key }.map { (key: Self.name(of: $0.key), value: $0.value) }
        write(format.line(fields))
    }

    /// Hummingbird's key for a request's id is its own.
    private static func name(of key: String) -> String {
        key == "hb.request.id" ? "request_id" : key
    }
}
