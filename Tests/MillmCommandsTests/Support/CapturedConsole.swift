import MillmCommands
import Synchronization

/// A console that keeps what is written to it.
final class CapturedConsole: Console {
    private let written = Mutex<[ConsoleStream: [UInt8]]>([:])
    private let changes: AsyncStream<Void>.Continuation
    private let terminal: Terminal?
    private let input: [UInt8]
    /// Says after every write that there is something new.
    let writes: AsyncStream<Void>

    /// - Parameters:
    ///   - columns: The width of the terminal that output and errors go to; nil for a pipe.
    ///   - input: What standard input holds.
    init(columns: Int? = nil, input: String = "") {
        terminal = columns.map { Terminal(columns: $0) }
        self.input = Array(input.utf8)
        (writes, changes) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var output: String { String(decoding: outputBytes, as: UTF8.self) }
    var errors: String { String(decoding: written.withLock { $0[.error] ?? [] }, as: UTF8.self) }
    /// What was written to standard output, which need not be text.
    var outputBytes: [UInt8] { written.withLock { $0[.output] ?? [] } }

    func write(_ text: String, to stream: ConsoleStream) { write(Array(text.utf8), to: stream) }

    func write(_ bytes: [UInt8], to stream: ConsoleStream) {
        written.withLock { $0[stream, default: []] += bytes }
        changes.yield()
    }

    func terminal(behind stream: ConsoleStream) -> Terminal? { terminal }

    func readStandardInput(limit: Int) -> [UInt8] { input }
}
