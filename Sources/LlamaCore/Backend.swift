import CLlama
import Synchronization

/// The process-wide part of libllama: its backends and its log.
enum Backend {
    /// Registers the compute backends once per process, and sends the log to `log` from now on.
    static func start(log: @escaping @Sendable (LlamaCore.LogLevel, String) -> Void) {
        sink.withLock { $0.log = log }
        _ = once
    }

    /// The last error that libllama has logged since the last call; nil if there was none.
    static func takeLastError() -> String? {
        sink.withLock { sink in
            defer { sink.lastError = nil }
            return sink.lastError
        }
    }

    private static let once: Void = {
        unsafe llama_log_set({ level, text, _ in unsafe receive(level, text) }, nil)
        llama_backend_init()
    }()

    private struct Sink: Sendable {
        var log: @Sendable (LlamaCore.LogLevel, String) -> Void = { _, _ in }
        /// libllama writes some lines in pieces.
        var unfinished = ""
        var level = LlamaCore.LogLevel.info
        var lastError: String?
    }

    private static let sink = Mutex(Sink())

    private static func receive(_ level: ggml_log_level, _ text: UnsafePointer<CChar>?) {
        guard let text = unsafe text else { return }
        let piece = unsafe String(cString: text)
        let (log, level, lines) = sink.withLock { sink in
            if level != GGML_LOG_LEVEL_CONT { sink.level = severity(of: level) }
            sink.unfinished += piece
            var lines = sink.unfinished.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            sink.unfinished = lines.removeLast()
            lines.removeAll(where: \.isEmpty)
            if sink.level == .error, let line = lines.last { sink.lastError = line }
            return (sink.log, sink.level, lines)
        }
        for line in lines { log(level, line) }
    }

    private static func severity(of level: ggml_log_level) -> LlamaCore.LogLevel {
        switch level {
        case GGML_LOG_LEVEL_ERROR: .error
        case GGML_LOG_LEVEL_WARN: .warning
        case GGML_LOG_LEVEL_INFO: .debug  // a page per load, of interest to libllama's developers
        default: .debug
        }
    }
}
