import FileWatching
import Foundation
import Logging
import MillmTesting
import ProfileDirectory
import Profiles
import Reconciliation
import Steering
import Testing

/// The product's loader on a real directory with real inotify; only the model is missing.
struct FiringRange {
    /// A temporary directory; its folder `outside` is for what is not in the profile directory.
    let root: String
    /// The path that the loader follows.
    let profiles: String
    let core: RecordingCore
    let loader: ProfileLoader
    let state: StateDirectory

    /// No test is saved by a poll that rare.
    static let never = Duration.seconds(3600)

    /// Runs the body while the loader follows the directory.
    ///
    /// - Parameters:
    ///   - path: The profile directory, relative to the root.
    ///   - prepare: Makes the directory, given the root.
    static func open(
        following path: String = "profiles",
        poll: Duration = never,
        prepare: (String) async throws -> Void,
        _ body: (FiringRange) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { root in
            for name in ["outside", "profiles"] {
                try FileManager.default.createDirectory(atPath: root + "/" + name, withIntermediateDirectories: true)
            }
            try await prepare(root)
            let range = try FiringRange(root: root, profiles: root + "/" + path)
            let watch = try DirectoryWatch(range.profiles, pollInterval: poll)
            try await withThrowingTaskGroup { group in
                group.addTask { await range.loader.follow(watch) }
                defer { watch.stop() }
                _ = try await first(of: range.loader.statusUpdates()) { $0.counters.rescans > 0 }
                try await body(range)
            }
        }
    }

    private init(root: String, profiles: String) throws {
        self.root = root
        self.profiles = profiles
        try TinySAE().write(to: root + "/tiny-sae")
        core = RecordingCore()
        state = try StateDirectory(forProfilesIn: profiles, environment: ["XDG_STATE_HOME": root + "/state"])
        try state.create()
        loader = ProfileLoader(
            directory: ActiveProfileReader(path: profiles),
            core: core,
            sae: try SparseAutoencoder(directory: root + "/tiny-sae", id: nil),
            statusFile: StatusFile(in: state),
            history: AppliedHistory(in: state),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    var outside: String { root + "/outside" }

    /// Waits until the loader's status is so.
    @discardableResult
    func status(
        within time: Duration = .seconds(30),
        where condition: @escaping @Sendable (LoaderStatus) -> Bool
    ) async throws -> LoaderStatus {
        do {
            return try await first(of: loader.statusUpdates(), within: time, where: condition)
        } catch {
            throw DeadlinePassed(description: "\(error) The status is \(loader.status).")
        }
    }

    /// Waits until these bytes are applied and nothing is wrong.
    func applied(_ digest: ContentDigest) async throws {
        try await status { $0.state == .ok && $0.applied?.digest == digest }
    }

    /// Why the loader has rejected something of late, oldest first.
    ///
    /// That there was nothing does not count: on a busy machine a tool may take a file away for longer than the loader
    /// waits.
    var rejections: [LoaderStatus.Reason] {
        get throws {
            let last = loader.events(after: nil).last
            let page = loader.events(after: LoaderEvent.ID(run: last.run, number: 0))
            // A snapshot stands for more than the loader keeps.
            try #require(page.snapshot == nil)
            return page.events.filter { $0.kind == .rejected }.compactMap(\.status.reason)
                .filter { $0.code != DiagnosticCode.activeDangling.code }
        }
    }

    /// Writes a file of the profile directory in one piece.
    func write(_ version: Version, to name: String = "p.yaml") throws {
        try Data(version.bytes).write(to: URL(filePath: profiles + "/" + name), options: .atomic)
    }

    /// The digest of what `active` leads to.
    func activeDigest() throws -> ContentDigest {
        let bytes = try Data(contentsOf: URL(filePath: profiles + "/active"))
        // A small file there holds the id.
        guard bytes.count < 100 else { return ContentDigest(of: bytes) }
        let id = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return ContentDigest(of: try Data(contentsOf: URL(filePath: profiles + "/\(id).yaml")))
    }
}

/// Latencies, told in one line.
struct Latencies: CustomStringConvertible {
    private var times: [Duration] = []

    mutating func add(_ time: Duration) {
        times.append(time)
    }

    var description: String {
        guard !times.isEmpty else { return "not measured" }
        let sorted = times.sorted()
        func quantile(_ share: Double) -> String {
            let time = sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
            return (time / Duration.milliseconds(1)).formatted(.number.precision(.fractionLength(2)))
        }
        return "median \(quantile(0.5)) ms, p99 \(quantile(0.99)) ms, max \(quantile(1)) ms of \(times.count)"
    }
}
