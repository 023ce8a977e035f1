import FileWatching
import Foundation
import Glibc
import Logging
import ProfileDirectory
import Profiles
import Reconciliation
import Steering

/// A directory of many profiles, one of them active, that is changed and followed.
struct Bench {
    let root: String
    let count: Int

    var profiles: String { root + "/profiles" }
    private var active: String { profiles + "/active-one.yaml" }

    /// Makes the directory.
    ///
    /// - Parameter count: How many profiles it holds, the active one included.
    init(root: String, count: Int) throws {
        self.root = root
        self.count = count
        try FileManager.default.createDirectory(atPath: root + "/profiles", withIntermediateDirectories: true)
        for number in 1..<max(count, 2) {
            // Not Foundation's way, which waits for the disk each time.
            let text = Self.text(name: "Profile \(number)", strength: number % 100)
            guard let file = unsafe fopen(profiles + "/profile-\(number).yaml", "wx") else { throw POSIXError(.EIO) }
            _ = unsafe fputs(text, file)
            guard unsafe fclose(file) == 0 else { throw POSIXError(.EIO) }
        }
        try Data(Self.text(name: "Active", strength: 1).utf8).write(to: URL(filePath: active))
        try FileManager.default.createSymbolicLink(
            atPath: profiles + "/active",
            withDestinationPath: "active-one.yaml"
        )
    }

    /// A profile of the shipped ones' size.
    static func text(name: String, strength: Int) -> String {
        """
        # yaml-language-server: $schema=../Templates/profile.schema.json
        # What to expect: a benchmark's profile, as long as those that people write.
        version: 1
        name: \(name)
        description: Made by the benchmark, with a description of usual length.
        model: SmolLM2-135M-Instruct
        sae: smollm2-135m-instruct-l15
        layer: 15
        steering:
          316: \(strength % 100).\(strength % 1000)  # a comment
          1588: 12.5
          2203: -4
        """
    }

    /// Renames a new version over the active one.
    ///
    /// - Returns: The version's digest, and when the system call was made and had returned. The kernel tells of the
    ///   change before it returns, for it has to let the old file go first.
    func change(
        _ number: Int
    ) throws -> (digest: ContentDigest, call: ContinuousClock.Instant, return: ContinuousClock.Instant) {
        let text = Self.text(name: "Active", strength: number) + "\n# \(number)\n"
        let digest = ContentDigest(of: text.utf8)
        let temporary = profiles + "/.new"
        try Data(text.utf8).write(to: URL(filePath: temporary))
        let call = ContinuousClock.now
        guard unsafe rename(temporary, active) == 0 else { throw POSIXError(.EIO) }
        return (digest, call, .now)
    }

    /// Follows the directory with the product's loader while changes are made.
    ///
    /// Between them are pauses of chance, of 2 ms at most.
    func measure(_ core: TimedCore, sae: SparseAutoencoder, changes: Int) async throws -> Times {
        let state = try StateDirectory(forProfilesIn: profiles, environment: ["XDG_STATE_HOME": root + "/state"])
        try state.create()
        let loader = ProfileLoader(
            directory: ActiveProfileReader(path: profiles),
            core: core,
            sae: sae,
            statusFile: StatusFile(in: state),
            history: AppliedHistory(in: state),
            logger: Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let watch = try DirectoryWatch(profiles)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await loader.follow(watch) }
            defer { watch.stop() }
            return try await onThread {
                var times = Times()
                // The first ones warm the caches and the code.
                for number in -100..<changes {
                    let change = try change(number &+ 1_000_000)
                    guard let end = core.wait(for: change.digest) else { throw POSIXError(.ETIMEDOUT) }
                    if number >= 0 { times.add(change.call.duration(to: end), change.return.duration(to: end)) }
                    usleep(UInt32.random(in: 0...2000))
                }
                return times
            }
        }
    }

    /// How long the first look at all profiles takes, in all and of the processors, and what one of them costs in memory.
    func scan() async throws -> (time: Duration, processorTime: Duration, bytesPerProfile: Int) {
        let before = Self.residentBytes
        let repository = DirectoryRepository(path: profiles)
        let (start, ticks) = (ContinuousClock.now, clock())
        let files = try await repository.all()
        let time = start.duration(to: .now)
        let processorTime = Duration.microseconds(clock() - ticks)
        precondition(files.count == max(count, 2) && files.allSatisfy { $0.profile != nil })
        return (time, processorTime, (Self.residentBytes - before) / files.count)
    }

    private static var residentBytes: Int {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        return (fields.flatMap { $0.count > 1 ? Int($0[1]) : nil } ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

/// Times from the rename's call, and from its return.
struct Times: CustomStringConvertible {
    private var fromCall: [Duration] = []
    private var fromReturn: [Duration] = []

    mutating func add(_ fromCall: Duration, _ fromReturn: Duration) {
        self.fromCall.append(fromCall)
        self.fromReturn.append(fromReturn)
    }

    /// What ratios are made of: the longer times.
    var distribution: Distribution { Distribution(fromCall) }

    var description: String {
        "from the call \(distribution), from its return \(Distribution(fromReturn)) of \(fromCall.count)"
    }
}

/// Times, in order.
struct Distribution: CustomStringConvertible {
    private let times: [Duration]

    init(_ times: [Duration]) {
        self.times = times.sorted()
    }

    /// In milliseconds; 1 is the longest.
    func quantile(_ share: Double) -> Double {
        times[min(times.count - 1, Int(Double(times.count) * share))] / .milliseconds(1)
    }

    var description: String {
        let style = FloatingPointFormatStyle<Double>.number.precision(.fractionLength(3)).grouping(.never)
        let numbers = [0.5, 0.99, 1].map { quantile($0).formatted(style) }
        return "p50 \(numbers[0])  p99 \(numbers[1])  max \(numbers[2]) ms"
    }
}

/// Does what blocks on a thread of its own.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}
