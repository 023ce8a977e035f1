import Foundation
import MillmTesting
import ProfileDirectory
import Profiles
import Testing

/// The real `millmd` with the real model, started as somebody likes it: below `strace`, in another namespace.
final class LiveDaemon: Sendable {
    let root: String
    private let process: Process
    private let statusFile: StatusFile
    /// What clients talk to.
    let address: String

    var profiles: String { root + "/profiles" }
    /// A folder that the daemon does not follow.
    var outside: String { root + "/outside" }
    /// The daemon's own pid, whatever started it.
    let pid: Int32

    /// Runs the body with a daemon and ends it afterwards.
    ///
    /// - Parameters:
    ///   - launcher: A program and its arguments that the daemon's are appended to.
    ///   - poll: Seconds between safety polls.
    ///   - prepare: Makes the profile directory `profiles`, given the root.
    static func with(
        launcher: [String] = [],
        poll: Double = 3600,
        prepare: (String) async throws -> Void = LiveDaemon.plainDirectory,
        _ body: (LiveDaemon) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { root in
            try await shell("mkdir profiles outside", in: root)
            try await prepare(root)
            let daemon = try await LiveDaemon(root: root, launcher: launcher, poll: poll)
            do {
                try await body(daemon)
            } catch {
                await daemon.stop()
                throw error
            }
            await daemon.stop()
        }
    }

    /// One active profile.
    static func plainDirectory(_ root: String) async throws {
        try Data(Version(1, lines: 20).bytes).write(to: URL(filePath: root + "/profiles/p.yaml"))
        try await shell("ln -s p.yaml active", in: root + "/profiles")
    }

    static func arguments(root: String, poll: Double) -> [String] {
        [Products.millmd, "--profiles", root + "/profiles", "--sae", sae, "--port", "0", "--poll", "\(poll)"]
            + ["--log-level", "warning", "--context", "512", "--parallel", "2", "--threads", "1"]
    }

    private static let sae =
        URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path + "/saes/smollm2-135m-instruct-l15"

    init(root: String, launcher: [String], poll: Double) async throws {
        self.root = root
        let arguments = launcher + Self.arguments(root: root, poll: poll)
        process = Process()
        process.executableURL = URL(filePath: arguments[0])
        process.arguments = Array(arguments.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.merging(["XDG_STATE_HOME": root + "/state"]) { $1 }
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        _ = FileManager.default.createFile(atPath: root + "/log", contents: nil)
        process.standardError = FileHandle(forWritingAtPath: root + "/log")
        statusFile = StatusFile(
            in: try StateDirectory(forProfilesIn: root + "/profiles", environment: ["XDG_STATE_HOME": root + "/state"])
        )
        try process.run()
        let line = try await onThread { String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) }
        guard let address = line.split(separator: " ").first(where: { $0.hasPrefix("http://") }) else {
            let log = (try? String(contentsOfFile: root + "/log", encoding: .utf8)) ?? ""
            throw DeadlinePassed(description: "The daemon has ended before it served: \(log)")
        }
        self.address = String(address)
        pid = try statusFile.read()?.pid ?? process.processIdentifier
    }

    /// Ends the daemon as a service manager does, and waits for it.
    func stop() async {
        kill(pid, SIGCONT)
        kill(pid, SIGTERM)
        try? await onThread { [process] in process.waitUntilExit() }
    }

    /// What the daemon has written on standard error.
    var log: String { (try? String(contentsOfFile: root + "/log", encoding: .utf8)) ?? "" }

    /// The status as the daemon has left it, when it is so.
    @discardableResult
    func status(
        within time: Duration = .seconds(30),
        where condition: (LoaderStatus) -> Bool
    ) async throws -> LoaderStatus {
        let deadline = ContinuousClock.now + time
        while true {
            if let status = try statusFile.read(), condition(status) { return status }
            guard .now < deadline else {
                throw DeadlinePassed(description: "\(String(describing: try statusFile.read()))\n\(log)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits until these bytes are applied and nothing is wrong.
    @discardableResult
    func applied(_ version: Version) async throws -> LoaderStatus {
        try await status { $0.state == .ok && $0.applied?.digest == version.digest }
    }

    /// Saves a version by renaming it over the profile.
    func save(_ version: Version, as name: String = "p.yaml") throws {
        try Data(version.bytes).write(to: URL(filePath: profiles + "/" + name), options: .atomic)
    }

    /// Runs a command of `millm` until it prints the text.
    func millm(_ command: String, showing text: String, within time: Duration = .seconds(30)) async throws {
        let deadline = ContinuousClock.now + time
        while true {
            let outcome = try await millm(command)
            if outcome.output.contains(text) { return }
            guard .now < deadline else { throw DeadlinePassed(description: "\(outcome.output)\n\(log)") }
        }
    }

    /// Runs `millm` on the daemon's directory.
    func millm(_ arguments: String...) async throws -> Outcome {
        try await run(
            [Products.millm, "--profiles", profiles] + arguments,
            environment: ["XDG_STATE_HOME": root + "/state"]
        )
    }
}
