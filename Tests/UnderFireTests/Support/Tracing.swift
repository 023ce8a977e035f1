import CTracing
import Foundation
import Glibc

/// Runs programs up to one of their system calls.
enum Tracing {
    enum Scope: Sendable {
        /// Every system call of every thread.
        case everyCall
        /// Those that can change something below the folders.
        case changes(below: [String])
    }

    struct Ending: Sendable {
        /// The status as waitpid(2) gives it.
        var status: Int32
        /// How many system calls were counted.
        var calls: Int
        /// The number of the system call that was not made any more; nil if the program came to its end first.
        var killedBefore: Int?
        /// Standard output and error.
        var output: String

        /// Whether it ended by itself, and well.
        var isSuccess: Bool { killedBefore == nil && status == 0 }
    }

    /// Runs a program and kills it right before its n-th system call in the scope.
    ///
    /// - Parameter n: From 1; nil lets it come to its end.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        output: String,
        scope: Scope,
        killingBefore n: Int?
    ) async throws -> Ending {
        try await onThread {
            let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            var folders: [String] = []
            var kind = tracing_every_call
            if case .changes(let below) = scope {
                folders = below
                kind = tracing_changes
            }
            var result = tracing_result()
            let error = unsafe withStrings(arguments) { arguments in
                unsafe withStrings(variables.map { "\($0.key)=\($0.value)" }) { variables in
                    unsafe withStrings(folders) { folders in
                        unsafe tracing_run(arguments, variables, output, folders, kind, n ?? 0, &result)
                    }
                }
            }
            guard error == 0 else { throw POSIXError(POSIXErrorCode(rawValue: error) ?? .EIO) }
            return Ending(
                status: result.status,
                calls: result.calls,
                killedBefore: result.was_killed ? result.call : nil,
                output: (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
            )
        }
    }

    /// Lends the texts to C as an array that ends with NULL.
    private static func withStrings<Result>(
        _ texts: [String],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        let copies = unsafe texts.map { unsafe strdup($0) }
        defer { for index in unsafe copies.indices { unsafe free(copies[index]) } }
        let pointers = unsafe copies.map { unsafe UnsafePointer($0) } + [nil]
        return unsafe pointers.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("never empty") }
            return unsafe body(start)
        }
    }
}
