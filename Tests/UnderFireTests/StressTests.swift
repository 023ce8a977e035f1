import FileWatching
import Foundation
import MillmTesting
import ProfileDirectory
import Profiles
import Reconciliation
import Steering
import Synchronization
import Testing

/// Several writers on one active file, as fast as they can and at random paces, by all the ways that there are.
@Suite(.serialized) struct StressTests {
    @Test func `of many saves by several writers no torn or foreign version is ever applied`() async throws {
        let total = Scale.count(2500, full: 100_000)
        let writerCount = 4
        let seed = UInt64.random(in: 0...UInt64.max)
        try await FiringRange.open { root in
            try Data(Version(0).bytes).write(to: URL(filePath: root + "/profiles/p.yaml"))
            try await shell("ln -s p.yaml active", in: root + "/profiles")
        } _: { range in
            try await range.applied(Version(0).digest)
            let desk = StressDesk(initial: Version(0))
            let start = ContinuousClock.now
            try await withThrowingTaskGroup { group in
                for number in 0..<writerCount {
                    let directory = range.profiles
                    group.addTask {
                        try await onThread {
                            var writer = StressWriter(number, in: directory, desk: desk, seed: seed)
                            for _ in 0..<(total / writerCount) { try writer.save() }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let time = start.duration(to: .now)
            let last = try range.activeDigest()
            try await range.applied(last)
            let end = start.duration(to: .now)

            let applied = range.core.digests
            let torn = Set(applied).subtracting(desk.versions)
            #expect(torn.isEmpty, "seed \(seed)")
            #expect(desk.versions.contains(last), "seed \(seed)")
            #expect(Version.isWhole(Array(try Data(contentsOf: URL(filePath: range.profiles + "/active")))))
            #expect(range.core.applies.allSatisfy { $0.origin != nil }, "the steering was taken away; seed \(seed)")
            Scale.report(
                "\(desk.saves) saves by \(writerCount) writers in \(time), \(applied.count) applied, "
                    + "of no writer: \(torn.count), rejections: \(range.loader.status.counters.rejections), "
                    + "rescans: \(range.loader.status.counters.rescans), overflows: "
                    + "\(range.loader.status.counters.overflows), converged after \(end - time)"
            )
        }
    }
}

/// What the writers share.
final class StressDesk: Sendable {
    private let state: Mutex<(versions: Set<ContentDigest>, saves: Int)>
    /// Two writers in one file at once leave a mixture of both, which is then what the file says.
    let inPlace = Mutex(())

    init(initial: Version) {
        state = Mutex((versions: [initial.digest], saves: 0))
    }

    /// All versions that some writer has begun to write.
    var versions: Set<ContentDigest> { state.withLock { $0.versions } }
    var saves: Int { state.withLock { $0.saves } }

    func announce(_ version: Version) {
        state.withLock {
            $0.versions.insert(version.digest)
            $0.saves += 1
        }
    }
}

/// One writer: each save by a pattern of chance, with pauses of chance.
struct StressWriter {
    private let number: Int
    private let directory: String
    private let desk: StressDesk
    private var random: SeededGenerator
    private var count = 0

    init(_ number: Int, in directory: String, desk: StressDesk, seed: UInt64) {
        self.number = number
        self.directory = directory
        self.desk = desk
        random = SeededGenerator(seed: seed &+ UInt64(number))
    }

    private var file: String { directory + "/p.yaml" }
    private var temporary: String { directory + "/.w\(number)" }

    mutating func save() throws {
        count += 1
        let version = Version(number * 1_000_000 + count, lines: Int.random(in: 0...300, using: &random))
        desk.announce(version)
        let bytes = version.bytes
        switch Int.random(in: 0..<12, using: &random) {
        case 0..<4: try replace(bytes)
        case 4: try exchange(bytes)
        case 5: try linkAnonymous(bytes)
        default: try saveInPlace(bytes)
        }
        pause(longest: 20_000)
    }

    /// A pause of chance: mostly none, at times long.
    private mutating func pause(longest: UInt32) {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: usleep(UInt32.random(in: 0...longest, using: &random))
        case 1..<6: usleep(UInt32.random(in: 0...500, using: &random))
        default: break
        }
    }

    // MARK: - In one step

    private mutating func replace(_ bytes: [UInt8]) throws {
        try RawFile.write(bytes, toNew: temporary, durably: Int.random(in: 0..<50, using: &random) == 0)
        try RawFile.rename(temporary, file)
    }

    private func exchange(_ bytes: [UInt8]) throws {
        try RawFile.write(bytes, toNew: temporary)
        // Another writer may have taken the file away for a moment.
        do { try RawFile.exchange(temporary, file) } catch is SystemError { return try RawFile.rename(temporary, file) }
        // Whoever is writing in the old file goes on with it: it must not become the next new one.
        try RawFile.unlink(temporary)
    }

    private func linkAnonymous(_ bytes: [UInt8]) throws {
        try? RawFile.unlink(temporary)
        try RawFile.linkAnonymous(bytes, in: directory, as: temporary)
        try RawFile.rename(temporary, file)
    }

    // MARK: - In several steps

    private mutating func saveInPlace(_ bytes: [UInt8]) throws {
        // Not withLock, whose closure could not change this value.
        let pattern = Int.random(in: 0..<7, using: &random)
        var random = random
        let (file, temporary, directory) = (file, temporary, directory)
        try desk.inPlace.withLock { _ in
            func write(_ flags: Int32, to path: String) throws {
                try Self.write(bytes, to: path, flags, random: &random)
            }
            switch pattern {
            case 0:
                try write(O_CREAT | O_TRUNC, to: file)
            case 1:
                try write(O_TRUNC, to: directory + "/active")
            case 2:  // vim
                try RawFile.rename(file, file + "~")
                try write(O_CREAT | O_TRUNC, to: file)
                try RawFile.unlink(file + "~")
            case 3:  // JetBrains
                try RawFile.write(bytes, toNew: directory + "/___jb_tmp___")
                try RawFile.rename(file, directory + "/___jb_old___")
                try RawFile.rename(directory + "/___jb_tmp___", file)
                try RawFile.unlink(directory + "/___jb_old___")
            case 4:  // git, install, mv across file systems
                try? RawFile.unlink(file)
                try write(O_CREAT | O_TRUNC, to: file)
            case 5:  // ln
                try RawFile.write(bytes, toNew: temporary)
                try? RawFile.unlink(file)
                do {
                    try RawFile.link(temporary, file)
                    try RawFile.unlink(temporary)
                } catch is SystemError {
                    try RawFile.rename(temporary, file)
                }
            default:
                try RawFile.writeMapped(bytes, to: file)
            }
        }
        self.random = random
    }

    /// Writes in pieces of chance, with pauses of chance between them.
    private static func write(
        _ bytes: [UInt8],
        to path: String,
        _ flags: Int32,
        random: inout SeededGenerator
    ) throws {
        let file = try RawFile.open(path, O_WRONLY | flags)
        let pieces = Int.random(in: 1...4, using: &random)
        var start = 0
        for piece in 1...pieces {
            let end = piece == pieces ? bytes.count : Int.random(in: start...bytes.count, using: &random)
            try RawFile.write(bytes[start..<end], to: file)
            start = end
            if piece < pieces, Int.random(in: 0..<10, using: &random) == 0 {
                usleep(UInt32.random(in: 0...60_000, using: &random))
            }
        }
    }
}
