import Steering

extension LlamaCore {
    /// What a core is started with.
    package struct Configuration: Sendable {
        /// The GGUF file.
        package var modelPath: String
        /// The name that requests use for the model; nil derives it from the file's name.
        package var modelName: String?
        /// How many requests decode together at most, 1–64.
        package var parallel: Int
        /// The context in tokens, shared by the requests that run at once; cut to what the model was trained for.
        package var contextLength: Int
        /// Compute threads; nil takes the physical cores that the process may use.
        package var threads: Int?
        /// How many requests may wait besides those that run.
        package var queueLimit: Int
        /// Takes what libllama and the core have to say. It is called from several threads; the default is silence.
        package var log: @Sendable (LogLevel, String) -> Void

        package init(
            modelPath: String,
            modelName: String? = nil,
            parallel: Int = 8,
            contextLength: Int = 8192,
            threads: Int? = nil,
            queueLimit: Int = 64,
            log: @escaping @Sendable (LogLevel, String) -> Void = { _, _ in }
        ) {
            self.modelPath = modelPath
            self.modelName = modelName
            self.parallel = parallel
            self.contextLength = contextLength
            self.threads = threads
            self.queueLimit = queueLimit
            self.log = log
        }

        /// Checks the ranges.
        ///
        /// - Throws: `.invalidRequest` that names the parameter.
        func validate() throws(InferenceError) {
            try Self.check(parallel, in: 1...64, "The number of parallel requests")
            try Self.check(contextLength, in: 32...1_048_576, "The context length")
            try Self.check(threads ?? 1, in: 1...512, "The number of threads")
            try Self.check(queueLimit, in: 0...65_536, "The queue's limit")
        }

        private static func check(_ value: Int, in range: ClosedRange<Int>, _ what: String) throws(InferenceError) {
            guard range.contains(value) else {
                throw InferenceError(
                    .invalidRequest,
                    "\(what) must be between \(range.lowerBound) and \(range.upperBound), not \(value)."
                )
            }
        }
    }

    /// How important a line of the log is.
    package enum LogLevel: Int, Hashable, Sendable, Comparable {
        case debug, info, warning, error

        package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
    }
}
