import Foundation
import Glibc
import Profiles
import Testing

@testable import FileWatching
@testable import ProfileDirectory

/// What a look costs when many files are there and few have changed.
@Suite struct SnapshotTests {
    /// When every file has rested long enough for its status to vouch for its content.
    private var later: Timestamp { Timestamp(microseconds: Timestamp.now().microseconds + 3_600_000_000) }

    @Test func `a hint with a name reads that name alone`() async throws {
        try await withProfiles { directory in
            for number in 0..<50 { try directory.write(profileText("N\(number)"), to: "n\(number).yaml") }
            var snapshot = DirectorySnapshot()
            try refresh(&snapshot, directory)
            #expect(snapshot.readCount == 50)
            let (added, removed) = try withJournal(directory) {
                try directory.write(profileText("New"), to: "new.yaml")
                try directory.write(profileText("M", strength: 3), to: "n7.yaml")
                try FileManager.default.removeItem(atPath: directory.path + "/n8.yaml")
            }
            #expect(added == ["new.yaml", "n7.yaml", "n8.yaml"])
            #expect(!removed)
            try refresh(&snapshot, directory, names: added)
            #expect(snapshot.readCount == 52)
            #expect(snapshot.names.byID[try ProfileID("n8")] == nil)
            #expect(snapshot.names.byDisplayName["M"] == ["n7.yaml"])
            #expect(snapshot.names.byDisplayName["N7"] == nil)
            #expect(snapshot.files(in: directory.path).count == 50)
        }
    }

    private func refresh(
        _ snapshot: inout DirectorySnapshot,
        _ directory: TestDirectory,
        names: Set<FileName>? = nil
    ) throws {
        let handle = try DirectoryHandle(directory.path)
        if let names {
            try snapshot.refresh(names, in: handle, now: later)
        } else {
            try snapshot.refresh(in: handle, now: later)
        }
    }

    /// - Returns: The names that changed, and whether the journal has lost some.
    private func withJournal(_ directory: TestDirectory, _ body: () throws -> Void) throws -> (Set<FileName>, Bool) {
        guard let journal = ChangeJournal(try DirectoryHandle(directory.path)) else { throw CancellationError() }
        try body()
        let names = journal.names()
        return (names ?? [], names == nil)
    }

    @Test func `a directory that is deleted ends the journal`() async throws {
        try await withProfiles { directory in
            let (_, isLost) = try withJournal(directory) {
                try FileManager.default.removeItem(atPath: directory.path)
            }
            #expect(isLost)
        }
    }

    @Test func `whatever was done before is seen, with and without events`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            for number in 0..<20 {
                let name = "n\(number)"
                try directory.write(profileText(name), to: "\(name).yaml")
                #expect(try await repository.all().count == number + 1)
                #expect(try await repository.profile(named: name)?.id.description == name)
                try directory.write(profileText(name + "!"), to: "\(name).yaml")
                #expect(try await repository.profile(named: name) == nil)
                #expect(try await repository.profile(named: name + "!") != nil)
            }
            // Another directory in its place is another directory.
            #expect(unsafe rename(directory.path, directory.root + "/aside") == 0)
            try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: false)
            #expect(try await repository.all().isEmpty)
            try directory.write(profileText("A"), to: "a.yaml")
            try await expectError(.alreadyExists) { _ = try await repository.create(Profile(name: "A"), id: nil) }
            #expect(try await repository.all().map(\.id.description) == ["a"])
        }
    }

    @Test func `many files are read by all processors, each once`() async throws {
        try await withProfiles { directory in
            for number in 0..<2000 { try directory.write(profileText("N\(number)"), to: "n\(number).yaml") }
            var snapshot = DirectorySnapshot()
            try refresh(&snapshot, directory)
            #expect(snapshot.readCount == 2000)
            #expect(snapshot.files(in: directory.path).allSatisfy { $0.profile != nil && $0.diagnostics.isEmpty })
            try refresh(&snapshot, directory)
            #expect(snapshot.readCount == 2000)
        }
    }

    @Test func `twins and namesakes are found again after each change`() async throws {
        try await withProfiles { directory in
            let repository = DirectoryRepository(path: directory.path)
            try directory.write(profileText("A"), to: "a.yaml")
            #expect(try await repository.all().flatMap(\.diagnostics).isEmpty)
            try directory.write(profileText("A"), to: "b.yaml")
            #expect(
                try await repository.all().map { $0.diagnostics.map(\.code) } == [[.duplicateName], [.duplicateName]]
            )
            try directory.write(profileText("B"), to: "b.yaml")
            #expect(try await repository.all().flatMap(\.diagnostics).isEmpty)
            try directory.write(profileText("A"), to: "a.json")
            #expect(try await repository.all().filter { $0.profile == nil }.count == 2)
            try FileManager.default.removeItem(atPath: directory.path + "/a.yaml")
            #expect(try await repository.all().flatMap(\.diagnostics).isEmpty)
        }
    }

    @Test func `the poll reads the active file only if its status is another`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A", strength: 1), to: "a.yaml")
            try directory.link("active", to: "a.yaml")
            let reader = ActiveProfileReader(path: directory.path)
            var first = reader.read()
            guard case .profile(var active) = first.desired else { throw CancellationError() }
            // As if it had been read long after its last change.
            active.isSettled = true
            active.bytes = Array("known".utf8)
            first.desired = .profile(active)
            guard case .profile(let same) = reader.read(after: first, for: .poll).desired else {
                throw CancellationError()
            }
            #expect(same.bytes == Array("known".utf8))
            try directory.write(profileText("A", strength: 2), to: "a.yaml")
            guard case .profile(let other) = reader.read(after: first, for: .poll).desired else {
                throw CancellationError()
            }
            #expect(other.file.profile?.steering == [7: 2])
        }
    }

    @Test func `names that the active profile does not depend on are told from the others`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A"), to: "a.yaml")
            try directory.link("active", to: "a.yaml")
            let reading = ActiveProfileReader(path: directory.path).read()
            for name in ["active", "a.yaml", "a.json", "..data", "#123"] { #expect(reading.mayChange(with: name)) }
            for name in ["b.yaml", "a.yaml~", ".a.yaml.swp", "4913"] { #expect(!reading.mayChange(with: name)) }
            #expect(unsafe link(directory.path + "/a.yaml", directory.root + "/outside") == 0)
            #expect(ActiveProfileReader(path: directory.path).read().mayChange(with: "b.yaml"))
        }
    }

    @Test func `one name in two spellings is two files with one id`() async throws {
        try await withProfiles { directory in
            // Foundation would make them one.
            for name in ["e\u{301}.yaml", "\u{e9}.yaml"] {
                let file = unsafe open(directory.path + "/" + name, O_WRONLY | O_CREAT | O_EXCL, 0o644)
                try #require(file >= 0)
                let text = profileText(name)
                #expect(unsafe write(file, text, text.utf8.count) == text.utf8.count)
                close(file)
            }
            let files = try await DirectoryRepository(path: directory.path).all()
            #expect(files.map { $0.diagnostics.first?.code } == [.duplicateID, .duplicateID])
            #expect(files.allSatisfy { $0.diagnostics.first?.help?.contains("Unicode normalization") == true })
            // Who looks at one alone comes to the same verdict.
            for id in ["e\u{301}", "\u{e9}"] {
                let file = try await DirectoryRepository(path: directory.path).profile(ProfileID(id))
                #expect(file.diagnostics.map(\.code) == [.duplicateID])
                #expect(unsafe symlink(id + ".yaml", directory.path + "/active") == 0)
                let desired = ActiveProfileReader(path: directory.path).read().desired
                guard case .profile(let active) = desired else { throw CancellationError() }
                #expect(active.file.diagnostics.map(\.code) == [.duplicateID])
                #expect(unsafe unlink(directory.path + "/active") == 0)
            }
        }
    }

    @Test func `three files of one id have one finding each, with all the others`() async throws {
        try await withProfiles { directory in
            for name in ["a.yaml", "a.yml", "a.json"] { try directory.write(profileText("A"), to: name) }
            let repository = DirectoryRepository(path: directory.path)
            let findings = try await repository.all().flatMap(\.diagnostics).filter { $0.code == .duplicateID }
            #expect(findings.map(\.related.count) == [2, 2, 2])
            #expect(findings.first?.message == "the id 'a' belongs to 3 files")
            #expect(try await repository.profile(ProfileID("a")).diagnostics.map(\.related.count) == [2])
        }
    }
}
