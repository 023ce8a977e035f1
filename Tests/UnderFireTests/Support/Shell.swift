import Foundation
import Testing

/// How a program ended, and what it said.
struct Outcome: Sendable {
    var status: Int32
    /// Standard output and error, as they came.
    var output: String
}

/// Runs a program to its end.
///
/// - Parameter arguments: The program's absolute path and its arguments.
func run(
    _ arguments: [String],
    in directory: String = "/",
    environment: [String: String] = [:]
) async throws -> Outcome {
    let process = Process()
    process.executableURL = URL(filePath: arguments[0])
    process.arguments = Array(arguments.dropFirst())
    process.currentDirectoryURL = URL(filePath: directory)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    return try await onThread {
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: String(decoding: text, as: UTF8.self))
    }
}

/// Runs a shell command and requires that it succeeds.
@discardableResult
func shell(_ command: String, in directory: String, environment: [String: String] = [:]) async throws -> String {
    let outcome = try await run(["/bin/bash", "-ec", command], in: directory, environment: environment)
    try #require(outcome.status == 0, "\(command)\n\(outcome.output)")
    return outcome.output
}

/// Does what blocks on a thread of its own, so that the tests' pool goes on.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}

/// The programs that were built with the tests.
enum Products {
    /// The folder of the test bundle.
    static let path = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path

    static var millm: String { path + "/millm" }
    static var millmd: String { path + "/millmd" }
}
