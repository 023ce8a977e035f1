import Foundation
import Glibc
import Profiles
import Testing

@testable import FileWatching
@testable import ProfileDirectory

/// A profile directory with a history beside it.
struct HistoryBench {
    let directory: TestDirectory
    let state: StateDirectory
    let history: AppliedHistory
    let repository: DirectoryRepository

    init(_ directory: TestDirectory) throws {
        self.directory = directory
        state = try StateDirectory(
            forProfilesIn: directory.path,
            environment: ["XDG_STATE_HOME": directory.root + "/state"]
        )
        history = AppliedHistory(in: state)
        repository = DirectoryRepository(path: directory.path, history: history)
    }

    /// Records what a daemon would that applies this file.
    func apply(_ name: String, source: LoaderStatus.Source = .directory) throws {
        let bytes = Array(try directory.text(of: name).utf8)
        let id = try ProfileID(#require(ProfileFileName.stem(of: name)))
        let plan = ContentDigest(of: bytes)
        history.record(
            HistoryRecord(.applied, id: id, fileName: name, bytes: bytes, planDigest: plan, features: 1, source: source)
        )
        history.flush()
    }

    var blobs: Set<String> {
        get throws { Set(try FileManager.default.contentsOfDirectory(atPath: state.path + "/history/blobs")) }
    }

    var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: state.path + "/history") }
    }
}

func withHistory<Result>(_ body: (HistoryBench) async throws -> Result) async throws -> Result {
    try await withProfiles { directory in try await body(HistoryBench(directory)) }
}

@Suite struct HistoryTests {
    @Test func `what was applied is found again, newest first, with its bytes`() async throws {
        try await withHistory { bench in
            #expect(try bench.history.entries().isEmpty)
            try bench.directory.write(profileText("A"), to: "a.yaml")
            try bench.apply("a.yaml")
            try bench.directory.write(profileText("A", strength: 2), to: "a.yaml")
            try bench.apply("a.yaml")
            bench.history.record(HistoryRecord(.applied, planDigest: ContentDigest(of: []), generation: 3))
            bench.history.flush()
            let entries = try bench.history.applied()
            #expect(entries.map(\.number) == [3, 2, 1])
            #expect(entries.map(\.id?.description) == [nil, "a", "a"])
            #expect(entries[0].generation == 3)
            let digest = try #require(entries[2].digest)
            #expect(try bench.history.bytes(of: digest) == Array(profileText("A").utf8))
            #expect(try bench.history.bytes(of: ContentDigest(of: [1])) == nil)
        }
    }

    @Test func `the same once more is no new entry: the daemon was started again`() async throws {
        try await withHistory { bench in
            try bench.directory.write(profileText("A"), to: "a.yaml")
            try bench.apply("a.yaml")
            try bench.apply("a.yaml")
            #expect(try bench.history.applied().count == 1)
            try bench.directory.write(profileText("A"), to: "b.yaml")
            try bench.apply("b.yaml")
            try bench.apply("a.yaml")
            #expect(try bench.history.applied().count == 3)
            #expect(try bench.blobs.count == 1)
        }
    }

    @Test func `it never grows beyond its limit, and bytes go with the last entry that has them`() async throws {
        try await withHistory { bench in
            for number in 0..<130 {
                let bytes = Array(profileText("A", strength: Double(number)).utf8)
                let plan = ContentDigest(of: bytes)
                bench.history.record(HistoryRecord(.applied, id: try ProfileID("a"), bytes: bytes, planDigest: plan))
                if number % 7 == 0 { bench.history.flush() }
            }
            bench.history.flush()
            let entries = try bench.history.applied()
            #expect(entries.count == 100)
            #expect(try bench.blobs.count == 100)
            #expect(try bench.files.count == 101)
            for digest in entries.compactMap(\.digest) { #expect(try bench.history.bytes(of: digest) != nil) }
        }
    }

    @Test func `the files of what goes are written anew, unless somebody else has them, too`() async throws {
        try await withHistory { bench in
            func record(_ number: Int) throws -> [UInt8] {
                // Shorter and longer by turns.
                let bytes = Array("\(number)\n".utf8) + Array(repeating: UInt8(ascii: "#"), count: 97 * number % 1000)
                let plan = ContentDigest(of: bytes)
                bench.history.record(HistoryRecord(.applied, id: try ProfileID("a"), bytes: bytes, planDigest: plan))
                bench.history.flush()
                return bytes
            }
            func inodes(in folder: String) throws -> Set<Int> {
                let names = try FileManager.default.contentsOfDirectory(atPath: folder)
                return Set(
                    try names.compactMap {
                        try FileManager.default.attributesOfItem(atPath: folder + "/" + $0)[.systemFileNumber] as? Int
                    }
                )
            }
            let blobs = bench.state.path + "/history/blobs"
            let first = try record(0)
            for number in 1..<100 { _ = try record(number) }
            let before = (try inodes(in: bench.state.path + "/history"), try inodes(in: blobs))
            // The first goes, and a backup has its bytes by another name.
            let name = String(ContentDigest(of: first).description.dropFirst("sha256:".count))
            let backup = bench.state.path + "/backup"
            try FileManager.default.linkItem(atPath: blobs + "/" + name, toPath: backup)
            _ = try record(100)
            #expect(try Array(Data(contentsOf: URL(filePath: backup))) == first)
            #expect(try inodes(in: blobs).subtracting(before.1).count == 1)
            for number in 101..<150 { _ = try record(number) }
            #expect(try inodes(in: blobs).subtracting(before.1).count == 1)
            #expect(try inodes(in: bench.state.path + "/history") == before.0)
            let entries = try bench.history.applied()
            #expect(entries.map(\.number) == Array((51...150).reversed()))
            for digest in entries.compactMap(\.digest) { #expect(try bench.history.bytes(of: digest) != nil) }
        }
    }

    @Test func `more than it keeps, all at once, leaves the newest`() async throws {
        try await withHistory { bench in
            for number in 0..<1000 {
                let plan = ContentDigest(of: Array("\(number)".utf8))
                bench.history.record(HistoryRecord(.applied, planDigest: plan, features: number))
            }
            bench.history.flush()
            let entries = try bench.history.applied()
            #expect(entries.first?.features == 999)
            #expect(entries.count <= 100)
        }
    }

    @Test func `what a crash or a loss of power has left is passed over, and goes`() async throws {
        try await withHistory { bench in
            try bench.directory.write(profileText("A"), to: "a.yaml")
            try bench.apply("a.yaml")
            let folder = bench.state.path + "/history"
            let whole = try #require(try bench.blobs.first)
            let orphan = String(repeating: "0", count: 64)
            try Data("x".utf8).write(to: URL(filePath: folder + "/blobs/" + orphan))
            try Data().write(to: URL(filePath: folder + "/.millm-write"))
            try Data().write(to: URL(filePath: folder + "/2-applied-\(orphan)-1.json"))
            #expect(try bench.history.applied().map(\.number) == [1])
            let nothing = try #require(ContentDigest("sha256:" + orphan))
            #expect(try bench.history.bytes(of: nothing) == nil)
            try FileManager.default.removeItem(atPath: folder + "/2-applied-\(orphan)-1.json")
            try bench.history.recover()
            #expect(try bench.blobs == [whole])
            #expect(try bench.files.count == 2)
            // Bytes that were torn are written anew.
            try Data("torn".utf8).write(to: URL(filePath: folder + "/blobs/" + whole))
            try bench.directory.write(profileText("A"), to: "b.yaml")
            try bench.apply("b.yaml")
            let digest = try #require(ContentDigest("sha256:" + whole))
            #expect(try bench.history.bytes(of: digest) != nil)
        }
    }

    @Test func `numbers and sizes that nobody can have written stop nothing`() async throws {
        try await withHistory { bench in
            try bench.directory.write(profileText("A"), to: "a.yaml")
            try bench.apply("a.yaml")
            let folder = bench.state.path + "/history"
            for name in ["\(Int.max)-applied-none-1", "2-applied-none-\(Int.max)", "3-applied-none-\(Int.max)"] {
                try Data("{}".utf8).write(to: URL(filePath: folder + "/\(name).json"))
            }
            try bench.directory.write(profileText("B"), to: "b.yaml")
            try bench.apply("b.yaml")
            try bench.history.recover()
            #expect(try bench.history.applied().map(\.id?.description) == ["b", "a"])
        }
    }

    @Test func `what comes back goes to the profile's own name, whatever an entry says`() async throws {
        try await withHistory { bench in
            try bench.directory.write(profileText("A"), to: "a.yaml")
            try bench.apply("a.yaml")
            let folder = bench.state.path + "/history"
            let file = try #require(try bench.files.first { $0.hasSuffix(".json") })
            let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            try text.replacing("\"a.yaml\"", with: "\"../a.yaml\"")
                .write(toFile: folder + "/" + file, atomically: true, encoding: .utf8)
            #expect(try bench.history.applied().first?.fileName == "../a.yaml")
            try FileManager.default.removeItem(atPath: bench.directory.path + "/a.yaml")
            let repository = DirectoryRepository(path: bench.directory.path, history: bench.history)
            try await repository.rollback(steps: 0)
            #expect(try bench.directory.names == ["a.yaml", "active"])
        }
    }

    @Test func `several processes may write at once`() async throws {
        try await withHistory { bench in
            try await withThrowingTaskGroup { group in
                for writer in 0..<4 {
                    group.addTask {
                        // Each has a view of its own, as another process has.
                        let history = AppliedHistory(in: bench.state)
                        for number in 0..<20 {
                            let record = HistoryRecord(.written, bytes: Array("\(writer) \(number)".utf8))
                            try history.keep(record, durability: .volatile)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let entries = try bench.history.entries()
            #expect(entries.map(\.number) == (1...80).reversed())
            #expect(Set(entries.map(\.digest)).count == 80)
        }
    }

    @Test func `what is written and what it displaces is kept`() async throws {
        try await withHistory { bench in
            let file = try await bench.repository.create(Profile(name: "A", steering: [7: 1]), id: nil)
            _ = try await bench.repository.update(file.id, ProfileChanges(steering: [7: 2]), expecting: file.digest)
            try await bench.repository.delete(file.id, expecting: nil)
            let entries = try await bench.repository.historyEntries()
            #expect(entries.map(\.kind) == [.displaced, .written, .written])
            #expect(entries[2].digest == file.digest)
            #expect(entries[0].digest == entries[1].digest)
        }
    }

    @Test func `the temporary of an interrupted write goes, and its bytes are kept`() async throws {
        try await withHistory { bench in
            try bench.directory.write("what an editor saved", to: ".millm-write")
            _ = try await bench.repository.create(Profile(name: "A"), id: nil)
            #expect(try bench.directory.names == ["a.yaml"])
            let digest = ContentDigest(of: Array("what an editor saved".utf8))
            #expect(try bench.history.entries().contains { $0.kind == .displaced && $0.digest == digest })
        }
    }

    @Test func `a history that cannot be written stops no writer`() async throws {
        try await withProfiles { directory in
            let state = try StateDirectory(forProfilesIn: directory.path, environment: ["XDG_STATE_HOME": "/proc"])
            let repository = DirectoryRepository(path: directory.path, history: AppliedHistory(in: state))
            let file = try await repository.create(Profile(name: "A"), id: nil)
            try await repository.delete(file.id, expecting: file.digest)
            #expect(try directory.names.isEmpty)
        }
    }
}

@Suite struct RollbackTests {
    private func appliedTwice(_ bench: HistoryBench) throws {
        try bench.directory.write(profileText("A", strength: 1), to: "a.yaml")
        try bench.directory.link("active", to: "a.yaml")
        try bench.apply("a.yaml")
        try bench.directory.write(profileText("A", strength: 2), to: "a.yaml")
        try bench.apply("a.yaml")
    }

    @Test func `the bytes from before come back, and those that give way are kept`() async throws {
        try await withHistory { bench in
            try appliedTwice(bench)
            let entry = try await bench.repository.rollback(steps: 1)
            #expect(entry.number == 1)
            #expect(try bench.directory.text(of: "a.yaml") == profileText("A", strength: 1))
            let given = ContentDigest(of: Array(profileText("A", strength: 2).utf8))
            #expect(try bench.history.entries().contains { $0.kind == .displaced && $0.digest == given })
            // The daemon is told once, and for these bytes alone.
            let (id, digest) = (try ProfileID("a"), try #require(entry.digest))
            #expect(bench.history.source(of: id, digest: given) == .directory)
            #expect(bench.history.source(of: id, digest: digest) == .rollback)
            #expect(bench.history.source(of: id, digest: digest) == .directory)
        }
    }

    @Test func `a file that is gone or has another name comes back`() async throws {
        try await withHistory { bench in
            try appliedTwice(bench)
            _ = try await bench.repository.rename(ProfileID("a"), to: ProfileID("b"), name: "B")
            _ = try await bench.repository.rollback(steps: 1)
            #expect(try bench.directory.names == ["a.yaml", "b.yaml", "active"])
            #expect(try bench.directory.target(of: "active") == "a.yaml")
            #expect(try bench.directory.text(of: "a.yaml") == profileText("A", strength: 1))
        }
    }

    @Test func `what was applied comes back when its file is broken`() async throws {
        try await withHistory { bench in
            try appliedTwice(bench)
            try bench.directory.write("steering: [", to: "a.yaml")
            _ = try await bench.repository.rollback(steps: 0)
            #expect(try bench.directory.text(of: "a.yaml") == profileText("A", strength: 2))
        }
    }

    @Test func `back to no profile removes the link, and live steering becomes a profile`() async throws {
        try await withHistory { bench in
            let live = Array(profileText("Live", strength: 5).utf8)
            bench.history.record(HistoryRecord(.applied, bytes: live, planDigest: ContentDigest(of: [1]), source: .api))
            bench.history.record(HistoryRecord(.applied))
            try appliedTwice(bench)
            _ = try await bench.repository.rollback(steps: 2)
            #expect(try bench.directory.names == ["a.yaml"])
            _ = try await bench.repository.rollback(steps: 3)
            #expect(try bench.directory.target(of: "active") == "live.yaml")
            #expect(try await bench.repository.active()?.profile?.steering == [7: 5])
        }
    }

    @Test func `further than the history reaches is refused`() async throws {
        try await withHistory { bench in
            try appliedTwice(bench)
            let error = try await expectError(.notFound) { _ = try await bench.repository.rollback(steps: 2) }
            #expect(error.message.contains("2 entries"))
            #expect(try bench.directory.text(of: "a.yaml") == profileText("A", strength: 2))
        }
    }

    @Test func `steering for the moment is not the last good one, and none is none`() async throws {
        try await withHistory { bench in
            #expect(try bench.history.lastGood() == nil)
            try appliedTwice(bench)
            bench.history.record(HistoryRecord(.applied, bytes: Array("x".utf8), source: .api))
            bench.history.flush()
            #expect(try bench.history.lastGood()?.entry.number == 2)
            bench.history.record(HistoryRecord(.applied, source: .directory))
            bench.history.flush()
            #expect(try bench.history.lastGood() == nil)
        }
    }
}
