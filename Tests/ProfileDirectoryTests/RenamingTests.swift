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
}
