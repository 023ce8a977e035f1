import Foundation
import Glibc
import Profiles
import Testing

@testable import FileWatching
@testable import ProfileDirectory

@Suite struct DirectoryRepositoryTests {
    @Test func `all profiles are listed by display name, the invalid ones too, and nothing else`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("zebra"), to: "1 🎉 é.yaml")
            try directory.write(profileText("Apple"), to: "2.yml")
            try directory.write("", to: "middle.json")
            try directory.write("", to: "2.yml~")
            try directory.write("", to: "notes.txt")
            let files = try await DirectoryRepository(path: directory.path).all()
            #expect(files.map(\.displayName) == ["Apple", "middle", "zebra"])
            #expect(files[1].profile == nil)
            #expect(files[2].id.description == "1 🎉 é")
        }
    }

    @Test func `what has just changed can be half of a change`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            let (night, nobody) = (try ProfileID("night"), try ProfileID("nobody"))
            let longAgo = ContinuousClock.now - .seconds(60)
            try directory.write(profileText("Night"), to: "night.yaml")
            #expect(await repository.hasChanged([night], since: longAgo))
            // Before the first look, nobody knows what has been there.
            let begin = ContinuousClock.now
            _ = try? await repository.profile(nobody)
            _ = try await repository.active()
            for id in [nobody, nil] {
                let hasChanged = await repository.hasChanged([id], since: longAgo)
                #expect(hasChanged || ContinuousClock.now - begin >= LossMemory.length)
            }
            // A while later it is known, whatever happens beside it.
            while await repository.hasChanged([nobody, nil], since: longAgo) { await Task.yield() }
            unsafe truncate(directory.path + "/night.yaml", 0)
            try directory.write(profileText("Other"), to: "other.yaml")
            _ = try? await repository.profile(nobody)
            _ = try await repository.active()
            #expect(await repository.hasChanged([night], since: longAgo))
            #expect(await !repository.hasChanged([nobody], since: longAgo))
            #expect(await !repository.hasChanged([nil], since: longAgo))
        }
    }

    @Test func `what was there a moment ago may come back, unless it was taken away on purpose`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            let (night, late) = (try ProfileID("night"), try ProfileID("late"))
            let longAgo = ContinuousClock.now - .seconds(60)
            for id in [night, late] { try directory.write(profileText("\(id)"), to: "\(id).yaml") }
            try await repository.setActive(night)
            #expect(try await repository.all().count == 2)
            #expect(try await repository.active()?.id == night)
            let begin = ContinuousClock.now
            while ContinuousClock.now - begin < LossMemory.length { await Task.yield() }

            for path in ["/night.yaml", "/active"] { unsafe unlink(directory.path + path) }
            _ = try? await repository.profile(night)
            _ = try? await repository.active()
            #expect(await repository.hasChanged([night], since: longAgo))
            #expect(await repository.hasChanged([nil], since: longAgo))

            try await repository.setActive(late)
            #expect(try await repository.active()?.id == late)
            try await repository.deactivateAll()
            try await repository.delete(late, expecting: nil)
            _ = try? await repository.profile(late)
            #expect(try await repository.active() == nil)
            #expect(await !repository.hasChanged([late], since: longAgo))
            #expect(await !repository.hasChanged([nil], since: longAgo))
        }
    }

    @Test func `only files that changed are read again`() async throws {
        try await withProfiles { directory in
            let old: [TimeInterval] = [10, 20, 30]
            for age in old { try directory.write(profileText("P\(age)"), to: "p\(Int(age)).yaml") }
            var snapshot = DirectorySnapshot()
            let later = Timestamp(microseconds: Timestamp.now().microseconds + 10_000_000)
            try refresh(&snapshot, in: directory)
            #expect(snapshot.readCount == 3)
            // Fresh files are read again, for their time could hide a second write.
            try refresh(&snapshot, in: directory)
            #expect(snapshot.readCount == 6)
            try refresh(&snapshot, in: directory, now: later)
            try refresh(&snapshot, in: directory, now: later)
            #expect(snapshot.readCount == 9)
            try directory.write(profileText("New"), to: "p20.yaml")
            try FileManager.default.removeItem(atPath: directory.path + "/p30.yaml")
            try refresh(&snapshot, in: directory, now: later)
            #expect(snapshot.readCount == 10)
            #expect(Set(snapshot.files(in: "x").map(\.displayName)) == ["P10.0", "New"])
        }
    }

    private func refresh(
        _ snapshot: inout DirectorySnapshot,
        in directory: TestDirectory,
        now: Timestamp = .now()
    ) throws {
        try snapshot.refresh(in: DirectoryHandle(directory.path), now: now)
    }

    @Test func `two files with one id are errors that point at each other`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A"), to: "a.yaml")
            try directory.write(profileText("B"), to: "a.json")
            let repository = DirectoryRepository(path: directory.path)
            let files = try await repository.all()
            #expect(files.map(\.profile) == [nil, nil])
            // The id does not tell which one is to go.
            try await expectError(.invalidFormat) { try await repository.delete(ProfileID("a"), expecting: nil) }
            #expect(try directory.names == ["a.yaml", "a.json"])
            #expect(files.flatMap(\.diagnostics).map(\.code) == [.duplicateID, .duplicateID])
            #expect(
                Set(files.flatMap(\.diagnostics).map(\.location.file)) == [
                    directory.path + "/a.yaml", directory.path + "/a.json",
                ]
            )
        }
    }

    @Test func `two profiles with one name are warned of, stay usable by id, and not by the name`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("Same"), to: "a.yaml")
            try directory.write(profileText("Same"), to: "b.yaml")
            let repository = DirectoryRepository(path: directory.path)
            let files = try await repository.all()
            #expect(files.flatMap(\.diagnostics).map(\.code) == [.duplicateName, .duplicateName])
            #expect(files.allSatisfy { $0.profile != nil })
            try await expectError(.invalidValue) { _ = try await repository.profile(named: "Same") }
            try await repository.setActive(ProfileID("a"))
        }
    }

    @Test func `a profile is found by its id in any spelling of the same letters`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("Café"), to: "cafe\u{301}.yaml")
            let repository = DirectoryRepository(path: directory.path)
            #expect(try await repository.profile(ProfileID("caf\u{e9}")).displayName == "Café")
            try await expectError(.notFound) { _ = try await repository.profile(ProfileID("tea")) }
            #expect(try await repository.profile(named: "Tea") == nil)
        }
    }

    @Test func `what is created is a file with the directory's usual mode`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            let file = try await repository.create(Profile(name: "King James", steering: [316: 45]), id: nil)
            #expect(file.fileName == "king-james.yaml")
            #expect(try directory.names == ["king-james.yaml"])
            #expect(try directory.status(of: "king-james.yaml").permissions & 0o600 == 0o600)
            #expect(try await repository.profile(ProfileID("king-james")).profile?.steering == [316: 45])
        }
    }

    @Test func `creating takes neither an id nor a name that is taken`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            try directory.write(profileText("A"), to: "x.json")
            try await expectError(.alreadyExists) {
                _ = try await repository.create(Profile(name: "B"), id: ProfileID("x"))
            }
            try await expectError(.alreadyExists) { _ = try await repository.create(Profile(name: "A"), id: nil) }
            try await expectError(.invalidValue) { _ = try await repository.create(Profile(name: ""), id: nil) }
            #expect(try directory.names == ["x.json"])
            #expect(try await repository.create(Profile(name: "x"), id: nil).id.description == "x-2")
        }
    }

    @Test func `an update keeps mode and owner, and states what it is based on`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            try directory.write(profileText("A"), to: "a.yaml")
            #expect(unsafe chmod(directory.path + "/a.yaml", 0o640) == 0)
            let before = try await repository.profile(ProfileID("a"))
            let after = try await repository.update(
                ProfileID("a"),
                ProfileChanges(steering: [1: 2]),
                expecting: before.digest
            )
            #expect(after.profile?.steering == [1: 2])
            #expect(try directory.status(of: "a.yaml").permissions == 0o640)
            let conflict = try await expectError(.conflict) {
                _ = try await repository.update(ProfileID("a"), ProfileChanges(steering: [:]), expecting: before.digest)
            }
            #expect(conflict.message.contains("a.yaml"))
            #expect(try await repository.profile(ProfileID("a")).profile?.steering == [1: 2])
            #expect(try directory.names == ["a.yaml"])
        }
    }

    @Test func `an update that changes nothing does not touch the file`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            let file = try await repository.create(Profile(name: "A", steering: [1: 2]), id: nil)
            let inode = try directory.status(of: file.fileName).identity
            _ = try await repository.update(file.id, ProfileChanges(steering: [1: 2]), expecting: nil)
            #expect(try directory.status(of: file.fileName).identity == inode)
        }
    }

    @Test func `an import in JSON becomes YAML under a name that says so, and stays the active one`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            let export = #"{"version":"1.0","type":"millm_profile","profile":{"name":"A","steering":{"7":1.5}}}"#
            try directory.write(export, to: "a.json")
            try await repository.setActive(ProfileID("a"))
            let file = try await repository.update(ProfileID("a"), ProfileChanges(steering: [7: 2]), expecting: nil)
            #expect(file.profile?.steering == [7: 2])
            #expect(file.diagnostics.isEmpty)
            #expect(try directory.names == ["a.yaml", "active"])
            #expect(try directory.target(of: "active") == "a.yaml")
        }
    }

    @Test func `a file behind a link is not replaced`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            try directory.write(profileText("A"), to: "a.yaml")
            try directory.link("b.yaml", to: "a.yaml")
            let error = try await expectError(.invalidFormat) {
                _ = try await repository.update(ProfileID("b"), ProfileChanges(steering: [:]), expecting: nil)
            }
            #expect(error.message.contains("link to 'a.yaml'"))
            #expect(try directory.target(of: "b.yaml") == "a.yaml")
        }
    }

    @Test func `the active profile is switched, removed, and kept from being deleted`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            try directory.write(profileText("A"), to: "a.yaml")
            try directory.write(profileText("B"), to: "b.json")
            #expect(try await repository.active() == nil)
            try await repository.setActive(ProfileID("b"))
            #expect(try directory.target(of: "active") == "b.json")
            #expect(try await repository.active()?.displayName == "B")
            try await expectError(.active) { try await repository.delete(ProfileID("b"), expecting: nil) }
            try await repository.setActive(ProfileID("a"))
            try await repository.delete(ProfileID("b"), expecting: nil)
            #expect(try await repository.deactivateAll())
            #expect(try await !repository.deactivateAll())
            #expect(try directory.names == ["a.yaml"])
        }
    }

    @Test func `deactivating a profile leaves another one active`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            try directory.write(profileText("A"), to: "a.yaml")
            try directory.write(profileText("B"), to: "b.yaml")
            try await repository.setActive(ProfileID("a"))
            #expect(try await !repository.deactivate(ProfileID("b")))
            #expect(try directory.target(of: "active") == "a.yaml")
            #expect(try await repository.deactivate(ProfileID("a")))
            #expect(try directory.names == ["a.yaml", "b.yaml"])
            #expect(try await !repository.deactivate(ProfileID("a")))
            try await expectError(.notFound) { try await repository.deactivate(ProfileID("gone")) }
        }
    }

    @Test func `what is invalid or missing cannot be activated`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            try directory.write("", to: "empty.yaml")
            let error = try await expectError(.invalidFormat) { try await repository.setActive(ProfileID("empty")) }
            #expect(!error.diagnostics.isEmpty)
            try await expectError(.notFound) { try await repository.setActive(ProfileID("gone")) }
            #expect(try directory.names == ["empty.yaml"])
        }
    }

    @Test func `a file that an editor has put in the link's place is not lost`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            try directory.write(profileText("A"), to: "a.yaml")
            try directory.write(profileText("Mine"), to: "active")
            try await expectError(.activeLinkBroken) { try await repository.setActive(ProfileID("a")) }
            try await expectError(.activeLinkBroken) { _ = try await repository.deactivateAll() }
            try await expectError(.activeLinkBroken) { _ = try await repository.active() }
            #expect(try directory.text(of: "active") == profileText("Mine"))
        }
    }

    @Test func `a broken link is replaced`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            try directory.write(profileText("A"), to: "a.yaml")
            try directory.link("active", to: "/nowhere")
            try await repository.setActive(ProfileID("a"))
            #expect(try directory.target(of: "active") == "a.yaml")
        }
    }

    @Test func `what a crash left behind does not stop the next writer and is taken away`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            try directory.write("half", to: ".millm-write")
            try directory.link(".millm-active", to: "gone.yaml")
            let file = try await repository.create(Profile(name: "A"), id: nil)
            try await repository.setActive(file.id)
            #expect(try directory.names == ["a.yaml", "active"])
            #expect(try directory.target(of: "active") == "a.yaml")
        }
    }

    @Test func `everything that is wrong is told, the link included, in order of the files`() async throws {
        try await withProfiles { directory in
            try directory.write("", to: "empty.yaml")
            try directory.write(profileText("A"), to: "none.yaml")
            #expect(unsafe mkfifo(directory.path + "/pipe.yaml", 0o600) == 0)
            try directory.link("outside.yaml", to: "../x.yaml")
            try directory.link("active", to: "gone.yaml")
            let findings = try await DirectoryRepository(path: directory.path).validate()
            let names = findings.map { URL(filePath: $0.location.file).lastPathComponent }
            #expect(names == ["active", "empty.yaml", "none.yaml", "outside.yaml", "pipe.yaml"])
            #expect(findings[0].code == .activeDangling)
            #expect(findings[2...].map(\.code) == [.badFileName, .linkLeavesDirectory, .notRegularFile])
        }
    }

    @Test func `a missing directory is an error with the way out`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path + "/nope")
            let error = try await expectError(.inputOutput) { _ = try await repository.all() }
            #expect(error.message.contains("nope' cannot be read: it is not there. Check the path."))
        }
    }
}
