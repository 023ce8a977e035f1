import Foundation
import FoundationNetworking
import MillmTesting

/// The real daemon in a process of its own, on a copy of the shipped profiles, with the real model and SAE.
final class RunningDaemon: Sendable {
    let root: String
    let address: String
    private let process: Process

    var profiles: String { root + "/profiles" }

    /// Runs the body with a daemon and ends it afterwards.
    ///
    /// - Parameter log: Where its log goes; nil lets it be seen.
    static func with(
        _ arguments: [String] = [],
        log: Pipe? = nil,
        _ body: (RunningDaemon) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { root in
            let daemon = try await RunningDaemon(root: root, arguments: arguments, log: log)
            do {
                try await body(daemon)
            } catch {
                await daemon.stop()
                throw error
            }
            await daemon.stop()
        }
    }

    private init(root: String, arguments: [String], log: Pipe?) async throws {
        self.root = root
        let files = FileManager.default
        try files.copyItem(atPath: Repository.path + "/profiles", toPath: root + "/profiles")
        try? files.removeItem(atPath: root + "/profiles/active")
        let output = Pipe()
        process = Self.process(
            "millmd",
            ["--profiles", root + "/profiles", "--sae", Repository.path + "/saes/smollm2-135m-instruct-l15"]
                + ["--port", "0", "--poll", "3600", "--log-level", "warning"] + arguments,
            root: root
        )
        process.standardOutput = output
        if let log { process.standardError = log }
        try process.run()
        let line = await onThread { String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) }
        guard let address = line.split(separator: " ").first(where: { $0.hasPrefix("http://") }) else {
            throw DeadlinePassed(description: "The daemon has ended before it served.")
        }
        self.address = String(address)
    }

    /// Ends the daemon as a service manager does, and waits for it.
    @discardableResult
    func stop() async -> Int32 {
        process.terminate()
        return await onThread { [process] in
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    // MARK: - Its clients

    /// The answer to a chat request at temperature 0: status, body, and the answer's text.
    func chat(
        _ question: String = "What did you do this morning?",
        profile: String? = nil,
        tokens: Int = 24
    ) async throws -> ChatAnswer {
        var body: [String: Any] = [
            "model": "default", "temperature": 0, "max_tokens": tokens,
            "messages": [["role": "user", "content": question]],
        ]
        body["profile"] = profile
        var request = URLRequest(url: try url("/v1/chat/completions"))
        request.httpMethod = "POST"
        request.timeoutInterval = 120
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = try JSONSerialization.data(withJSONObject: body)
        let (data, response) = try await URLSession.shared.data(for: request)
        return try ChatAnswer(data: data, response: response)
    }

    /// The status, when it is so; the daemon writes it to a file at each change, and tells it over HTTP.
    @discardableResult
    func status(where condition: ([String: Any]) -> Bool = { _ in true }) async throws -> [String: Any] {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let (data, _) = try await URLSession.shared.data(from: try url("/api/status"))
            let envelope = try JSONSerialization.jsonObject(with: data) as? [String: Any]
            if let status = envelope?["data"] as? [String: Any], condition(status) { return status }
            guard ContinuousClock.now < deadline else {
                throw DeadlinePassed(description: String(decoding: data, as: UTF8.self))
            }
        }
    }

    /// Runs `millm` on the daemon's directory.
    func millm(_ arguments: String...) async throws -> (status: Int32, output: String, errors: String) {
        let process = Self.process("millm", arguments + ["--profiles", profiles], root: root)
        return try await run(process)
    }

    /// Runs a shell command in the profile directory.
    @discardableResult
    func shell(_ command: String) async throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-ec", command]
        process.currentDirectoryURL = URL(fileURLWithPath: profiles)
        return try await run(process)
    }

    private func url(_ path: String) throws -> URL {
        guard let url = URL(string: address + path) else { throw DeadlinePassed(description: "no address: \(address)") }
        return url
    }

    private func run(_ process: Process) async throws -> (status: Int32, output: String, errors: String) {
        let output = Pipe()
        let errors = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        return await onThread {
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            let complaints = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return (process.terminationStatus, text, complaints)
        }
    }

    private static func process(_ name: String, _ arguments: [String], root: String) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Repository.products + "/" + name)
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["XDG_STATE_HOME"] = root + "/state"
        process.environment = environment
        return process
    }
}

/// Runs what blocks on a thread of its own, so that the tests' pool goes on.
private func onThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: body()) }
    }
}

/// What a chat request was answered with.
struct ChatAnswer: Sendable {
    let status: Int
    let text: String
    /// The receipt's profile.
    let profile: String?
    let features: Int?
    let errorCode: String?

    init(data: Data, response: URLResponse) throws {
        status = (response as? HTTPURLResponse)?.statusCode ?? 0
        let body = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
        let choice = (body["choices"] as? [[String: Any]])?.first
        text = (choice?["message"] as? [String: Any])?["content"] as? String ?? ""
        let receipt = body["steering"] as? [String: Any]
        profile = receipt?["profile"] as? String
        features = receipt?["features"] as? Int
        errorCode = (body["error"] as? [String: Any])?["code"] as? String
    }
}

/// Where the sources and the products are.
enum Repository {
    static let path = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The folder of the test bundle is the one of the executables that were built with it.
    static let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
}
