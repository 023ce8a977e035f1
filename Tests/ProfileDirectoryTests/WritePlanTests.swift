import Foundation
import Glibc
import MillmTesting
import Profiles
import Testing

@testable import FileWatching
@testable import ProfileDirectory

@Suite struct WritePlanTests {
    @Test func `several files are imported, and no note stays`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("B"), to: "b.yaml")
            let repository = DirectoryRepository(path: directory.path)
            let imports = ["A", "B", "C"].map { name in
                let profile = Profile(name: name, steering: [7: 1])
                return ProfileImport(profile: profile, bytes: ProfileEncoder.yaml(profile))
            }
            let done = try await repository.importAll(imports, replacing: true)
            #expect(done.map(\.isNew) == [true, false, true])
            #expect(try directory.names == ["a.yaml", "b.yaml", "c.yaml"])
        }
    }

    @Test func `what was decided on is finished by whoever looks, and what was not is gone`() async throws {
        for isDecided in [false, true] {
            try await withBench { bench in
                if isDecided { try bench.commit() }
                let repository = DirectoryRepository(path: bench.directory.path)
                _ = try await repository.all()
                #expect(try bench.directory.names.contains("a.yaml") == isDecided)
                try await repository.recover()
                #expect(try bench.texts == (isDecided ? bench.new : bench.old))
                #expect(try bench.directory.leftovers.isEmpty)
            }
        }
    }

    /// Where a death can leave it.
    @Test(arguments: ["named", "exchanged", "linked", "switched", "parted"])
    func `it is finished from wherever it stood`(last: String) async throws {
        try await withBench { bench in
            try bench.commit()
            let path = bench.directory.path
            let steps = ["named", "exchanged", "linked", "switched", "parted"]
            let done = try #require(steps.firstIndex(of: last))
            #expect(unsafe rename(path + "/.millm-change-0", path + "/a.yaml") == 0)
            if done >= 1 {
                #expect(unsafe rename(path + "/b.yaml", path + "/displaced") == 0)
                #expect(unsafe rename(path + "/.millm-change-1", path + "/b.yaml") == 0)
                #expect(unsafe rename(path + "/displaced", path + "/.millm-change-1") == 0)
            }
            if done >= 2 { #expect(unsafe rename(path + "/.millm-change-2", path + "/c.yaml") == 0) }
            // Until it is finished, both are one profile.
            let desired = ActiveProfileReader(path: path).read().desired
            guard case .profile(let active) = desired else { throw CancellationError() }
            #expect(active.file.profile?.name == "C")
            if done >= 3 { try bench.directory.setActive("c.yaml") }
            if done >= 4 { #expect(unsafe rename(path + "/c.json", path + "/.millm-change-2") == 0) }
            _ = try await DirectoryRepository(path: path).active()
            #expect(try bench.texts == bench.new)
            #expect(try bench.directory.leftovers.isEmpty)
        }
    }

    @Test func `what was done is taken back, file for file`() async throws {
        try await withBench { bench in
            let before = try bench.directory.status(of: "b.yaml")
            try bench.commit()
            try bench.carryOut()
            #expect(try bench.texts == bench.new)
            try bench.undo()
            #expect(try bench.texts == bench.old)
            #expect(try bench.directory.status(of: "b.yaml").identity.isSameFile(as: before.identity))
        }
    }

    @Test func `a name that another program takes in the last moment lets it all be taken back`() async throws {
        try await withBench { bench in
            try bench.commit()
            try bench.directory.write("somebody else's", to: "c.yaml")
            let interruption = #expect(throws: WritePlan.Interruption.self) { try bench.carryOut() }
            #expect(interruption?.fileName == "c.yaml")
            #expect(interruption?.failure == .system(SystemError("rename", EEXIST)))
            #expect(try bench.directory.text(of: "a.yaml") == profileText("A"))
            try bench.undo()
            #expect(try bench.directory.text(of: "c.yaml") == "somebody else's")
            try FileManager.default.removeItem(atPath: bench.directory.path + "/c.yaml")
            #expect(try bench.texts == bench.old)
        }
    }

    /// An editor saves between the last look and the exchange, and the program dies before it looks at what it displaced.
    @Test(arguments: ["the plan's", "of another version"])
    func `what was saved in the last moment is kept`(plan: String) async throws {
        try await withBench { bench in
            try bench.commit()
            if plan != "the plan's" { try bench.directory.write(#"{"stages":[]}"#, to: ".millm-change-plan") }
            try bench.directory.write("precious", to: ".millm-change-1")
            try bench.directory.write(bench.new["b.yaml"] ?? "", to: "b.yaml")
            _ = try await DirectoryRepository(path: bench.directory.path).all()
            let kept = try bench.directory.names.filter { $0.hasSuffix(".orig") }
                .map { try bench.directory.text(of: $0) }
            #expect(kept.contains("precious"))
            // What a plan that says nothing would have become is kept, too.
            #expect(kept.count == (plan == "the plan's" ? 1 : 3))
            #expect(try bench.directory.leftovers.isEmpty)
        }
    }

    @Test(arguments: ["99999999999", "-1", "x"])
    func `a note that somebody else has made holds up no writer`(text: String) async throws {
        try await withProfiles { directory in
            try directory.link(".millm-change", to: text)
            try directory.write(#"{"steps":[{"temporaryName":"../x","fileName":"y"}]}"#, to: ".millm-change-plan")
            _ = try await DirectoryRepository(path: directory.path).create(Profile(name: "A"), id: nil)
            #expect(try directory.names == ["a.yaml"])
        }
    }

    @Test func `an import does not guess whether a file that cannot be read has the name`() async throws {
        try await withProfiles { directory in
            #expect(unsafe mkfifo(directory.path + "/pipe.yaml", 0o600) == 0)
            try directory.link("b.yaml", to: "loop.yaml")
            try directory.link("loop.yaml", to: "b.yaml")
            let profile = Profile(name: "A", steering: [7: 1])
            let item = ProfileImport(profile: profile, bytes: ProfileEncoder.yaml(profile))
            let repository = DirectoryRepository(path: directory.path)
            try await expectError(.inputOutput) { _ = try await repository.importAll([item], replacing: true) }
            let done = try await repository.importAll([item], replacing: false)
            #expect(done.map(\.isNew) == [true])
        }
    }

    private func withBench(_ body: (PlanBench) async throws -> Void) async throws {
        try await withProfiles { try await body(PlanBench($0)) }
    }
}

/// A new file, one that is changed, and the active one that gets another name, all of which wait.
private struct PlanBench {
    let directory: TestDirectory
    let old: [String: String]
    let new: [String: String]
    private let plan: WritePlan

    init(_ directory: TestDirectory) throws {
        self.directory = directory
        let json = #"{"version":"1.0","name":"C","steering":{"7":1}}"#
        old = ["b.yaml": profileText("B"), "c.json": json, "active": "c.json"]
        new = [
            "a.yaml": profileText("A"), "b.yaml": profileText("B", strength: 2), "c.yaml": profileText("C"),
            "active": "c.yaml",
        ]
        try directory.write(profileText("B"), to: "b.yaml")
        try directory.write(json, to: "c.json")
        try directory.link("active", to: "c.json")
        func digest(_ text: String?) -> ContentDigest { ContentDigest(of: Array((text ?? "").utf8)) }
        let replaced = [nil, "b.yaml", "c.json"]
        plan = WritePlan(
            steps: ["a.yaml", "b.yaml", "c.yaml"].enumerated().map { [old, new] number, name in
                WritePlan.Step(
                    temporaryName: WritePlan.temporaryName(number),
                    fileName: name,
                    digest: digest(new[name]),
                    replaced: replaced[number].map { WritePlan.Replaced(fileName: $0, digest: digest(old[$0])) }
                )
            },
            activation: nil
        )
        try WritePlan.begin(in: DirectoryHandle(directory.path))
        for step in plan.steps { try directory.write(new[step.fileName] ?? "", to: step.temporaryName) }
    }

    /// What is in the directory besides the notes.
    var texts: [String: String] {
        get throws {
            var texts: [String: String] = [:]
            for name in try directory.names where !name.hasPrefix(".") {
                texts[name] = try name == "active" ? directory.target(of: name) : directory.text(of: name)
            }
            return texts
        }
    }

    func commit() throws {
        try plan.commit(in: DirectoryHandle(directory.path))
    }

    func carryOut() throws {
        try plan.carryOut(in: DirectoryHandle(directory.path), passingOverConflicts: false) { _, _ in }
    }

    func undo() throws {
        try plan.undo(in: DirectoryHandle(directory.path))
    }
}
