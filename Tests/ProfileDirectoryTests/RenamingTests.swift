import Foundation
import Glibc
import MillmTesting
import Profiles
import Testing

@testable import FileWatching
@testable import ProfileDirectory

@Suite struct RenamingTests {
    private func repository(_ directory: TestDirectory) -> DirectoryRepository {
        DirectoryRepository(path: directory.path)
    }

    @Test func `a profile gets another id, and keeps every byte`() async throws {
        try await withProfiles { directory in
            let text = "# mine\n" + profileText("A")
            try directory.write(text, to: "a.yml")
            let file = try await repository(directory).rename(ProfileID("a"), to: ProfileID("Größe 🎉"), name: nil)
            #expect(file.fileName == "Größe 🎉.yml")
            #expect(file.displayName == "A")
            #expect(try directory.names == ["Größe 🎉.yml"])
            #expect(try directory.text(of: "Größe 🎉.yml") == text)
        }
    }

    @Test func `the link of the active one moves along`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A"), to: "a.yaml")
            try directory.link("active", to: "a.yaml")
            _ = try await repository(directory).rename(ProfileID("a"), to: ProfileID("b"), name: "B")
            #expect(try directory.names == ["b.yaml", "active"])
            #expect(try directory.target(of: "active") == "b.yaml")
            #expect(try directory.text(of: "b.yaml") == profileText("B"))
        }
    }

    @Test func `whoever looks while the active one is renamed finds a profile at the link`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A"), to: "a.yaml")
            try directory.link("active", to: "a.yaml")
            let repository = repository(directory)
            let isDone = Flag()
            let observer = Task.detached {
                var findings: Set<String> = []
                while !isDone.isSet {
                    let desired = ActiveProfileReader(path: directory.path).read().desired
                    if case .profile(let active) = desired, active.file.profile != nil { continue }
                    findings.insert("\(desired)")
                }
                return findings
            }
            for _ in 0..<100 {
                _ = try await repository.rename(ProfileID("a"), to: ProfileID("b"), name: nil)
                _ = try await repository.rename(ProfileID("b"), to: ProfileID("a"), name: nil)
            }
            isDone.set()
            #expect(await observer.value == [])
        }
    }

    @Test func `an id or a name that is taken is refused, and nothing changes`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A"), to: "a.yaml")
            try directory.write(profileText("B"), to: "b.json")
            let repository = repository(directory)
            try await expectError(.alreadyExists) {
                _ = try await repository.rename(ProfileID("a"), to: ProfileID("b"), name: nil)
            }
            try await expectError(.alreadyExists) {
                _ = try await repository.rename(ProfileID("a"), to: ProfileID("c"), name: "B")
            }
            try await expectError(.alreadyExists) {
                _ = try await repository.copy(ProfileID("a"), to: ProfileID("b"), name: nil)
            }
            try await expectError(.notFound) {
                _ = try await repository.rename(ProfileID("x"), to: ProfileID("y"), name: nil)
            }
            #expect(try directory.names == ["a.yaml", "b.json"])
        }
    }

    @Test func `a copy keeps the comments and gets a name and an id of its own`() async throws {
        try await withProfiles { directory in
            try directory.write("# mine\n" + profileText("A"), to: "a.yaml")
            let repository = repository(directory)
            let first = try await repository.copy(ProfileID("a"), to: nil, name: nil)
            #expect((first.id.description, first.displayName) == ("a-2", "A (2)"))
            let second = try await repository.copy(ProfileID("a"), to: ProfileID("night"), name: "Night")
            #expect((second.id.description, second.displayName) == ("night", "Night"))
            let third = try await repository.copy(ProfileID("a"), to: nil, name: nil)
            #expect(third.displayName == "A (3)")
            #expect(try directory.text(of: "night.yaml") == "# mine\n" + profileText("Night"))
        }
    }

    @Test func `an import in JSON that becomes YAML keeps the link, and leaves no twin`() async throws {
        try await withProfiles { directory in
            let export = #"{"version":"1.0","name":"A","steering":{"7":1.5}}"#
            try directory.write(export, to: "a.json")
            try directory.link("active", to: "a.json")
            let changes = ProfileChanges(steering: [7: 2])
            _ = try await repository(directory).update(ProfileID("a"), changes, expecting: nil)
            #expect(try directory.names == ["a.yaml", "active"])
            #expect(try directory.target(of: "active") == "a.yaml")
        }
    }

    /// Where a crash can leave a renaming: each step done, the next one not.
    @Test(arguments: ["noted", "edited", "linked", "moved", "unlinked"])
    func `the next writer finishes what a crash has interrupted, or takes it back`(step: String) async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A"), to: "a.yaml")
            try directory.link("active", to: "a.yaml")
            let edited = profileText("B")
            let journal = RenameJournal(from: "a.yaml", to: "b.yaml", edited: ContentDigest(of: Array(edited.utf8)))
            try note(journal, in: directory)
            let paths = (directory.path + "/a.yaml", directory.path + "/b.yaml")
            let steps = ["noted", "edited", "linked", "moved", "unlinked"]
            let done = try #require(steps.firstIndex(of: step))
            if done >= 1 { try directory.write(edited, to: "a.yaml") }
            if done >= 2 { #expect(unsafe link(paths.0, paths.1) == 0) }
            if done >= 3 { try directory.setActive("b.yaml") }
            if done >= 4 { #expect(unsafe unlink(paths.0) == 0) }
            #expect(try await repository(directory).active()?.profile != nil)
            try await repository(directory).recover()
            let (name, text) = done == 0 ? ("a.yaml", profileText("A")) : ("b.yaml", edited)
            #expect(try directory.names == [name, "active"])
            #expect(try directory.target(of: "active") == name)
            #expect(try directory.text(of: name) == text)
        }
    }

    @Test func `a note that no longer fits the files changes none of them`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A"), to: "a.yaml")
            try note(RenameJournal(from: "a.yaml", to: "b.yaml", edited: nil), in: directory)
            try await repository(directory).recover()
            #expect(try directory.names == ["a.yaml"])
            try directory.write(profileText("B"), to: "b.yaml")
            try note(RenameJournal(from: "a.yaml", to: "b.yaml", edited: nil), in: directory)
            try await repository(directory).recover()
            #expect(try directory.names == ["a.yaml", "b.yaml"])
        }
    }

    private func note(_ journal: RenameJournal, in directory: TestDirectory) throws {
        try journal.write(in: DirectoryHandle(directory.path))
    }
}

@Suite struct ImportJournalTests {
    private func profileImport(_ name: String) -> ProfileImport {
        let profile = Profile(name: name, steering: [7: 1])
        return ProfileImport(profile: profile, bytes: ProfileEncoder.yaml(profile))
    }

    @Test func `several files are imported, and no note stays`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("B"), to: "b.yaml")
            let repository = DirectoryRepository(path: directory.path)
            let done = try await repository.importAll(["A", "B", "C"].map(profileImport), replacing: true)
            #expect(done.map(\.isNew) == [true, false, true])
            #expect(try directory.names == ["a.yaml", "b.yaml", "c.yaml"])
        }
    }

    /// - Parameter done: How many of the files have their names when the crash comes.
    @Test(arguments: 0...2)
    func `an interrupted import is finished, or taken back if nothing had happened`(done: Int) async throws {
        try await withProfiles { directory in
            try directory.write(profileText("B", strength: 1), to: "b.yaml")
            try directory.link("active", to: "b.yaml")
            try begin(in: directory)
            let path = directory.path
            if done >= 1 { #expect(unsafe rename(path + "/.millm-import-0", path + "/a.yaml") == 0) }
            if done >= 2 { #expect(unsafe rename(path + "/.millm-import-1", path + "/b.yaml") == 0) }
            try await DirectoryRepository(path: path).recover()
            #expect(try directory.leftovers.isEmpty)
            #expect(try directory.text(of: "b.yaml") == profileText("B", strength: done == 0 ? 1 : 2))
            #expect(try directory.names == (done == 0 ? ["b.yaml", "active"] : ["a.yaml", "b.yaml", "active"]))
        }
    }

    @Test(arguments: ["99999999999", "-1", "x"])
    func `a note that somebody else has made holds up no writer`(text: String) async throws {
        try await withProfiles { directory in
            try directory.link(".millm-import", to: text)
            _ = try await DirectoryRepository(path: directory.path).create(Profile(name: "A"), id: nil)
            #expect(try directory.names == ["a.yaml"])
        }
    }

    private func begin(in directory: TestDirectory) throws {
        let handle = try DirectoryHandle(directory.path)
        let base = ContentDigest(of: Array(profileText("B", strength: 1).utf8))
        try ImportJournal.begin(2, in: handle)
        try directory.write(profileText("A"), to: ".millm-import-0")
        try directory.write(profileText("B", strength: 2), to: ".millm-import-1")
        let steps = [
            ImportJournal.Step(temporaryName: ".millm-import-0", fileName: "a.yaml"),
            ImportJournal.Step(
                temporaryName: ".millm-import-1",
                fileName: "b.yaml",
                replaced: "b.yaml",
                base: base
            ),
        ]
        try ImportJournal.commit(steps, in: handle)
    }
}
