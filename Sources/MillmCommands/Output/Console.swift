/// Where a command reads from and writes to, so that tests can run commands inside their own process.
package protocol Console: Sendable {
    /// Writes the text as it is, without a line break of its own.
    ///
    /// - Throws: ``ConsoleError`` if the text cannot be written; standard error is never reported.
    func write(_ text: String, to stream: ConsoleStream) throws(ConsoleError)

    /// Writes bytes that may be no text.
    ///
    /// - Throws: ``ConsoleError`` if they cannot be written; standard error is never reported.
    func write(_ bytes: [UInt8], to stream: ConsoleStream) throws(ConsoleError)

    /// What is known of the terminal behind the stream; nil if there is none.
    func terminal(behind stream: ConsoleStream) -> Terminal?

    /// Reads standard input to its end.
    ///
    /// - Parameter limit: Reading stops behind so many bytes, so that endless input cannot fill the memory.
    func readStandardInput(limit: Int) throws(ConsoleError) -> [UInt8]
}

extension Console {
    /// A console for text alone shows what is none with replacement characters.
    package func write(_ bytes: [UInt8], to stream: ConsoleStream) throws(ConsoleError) {
        try write(String(decoding: bytes, as: UTF8.self), to: stream)
    }
}

/// Results go to standard output, everything else to standard error.
package enum ConsoleStream: Hashable, Sendable {
    case output, error
}

/// A terminal's properties.
package struct Terminal: Hashable, Sendable {
    /// The width in columns; nil if the terminal does not tell.
    package var columns: Int?

    package init(columns: Int?) {
        self.columns = columns
    }
}

/// Why reading or writing failed.
package enum ConsoleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reader has gone. Nobody is left to tell.
    case closedPipe
    /// Another failure, with the system's words for it.
    case failed(action: String, reason: String)

    package var description: String {
        switch self {
        case .closedPipe: "The reader has closed the pipe."
        case .failed(let action, let reason): "\(action) failed: \(reason)."
        }
    }
}
