import Foundation
import Glibc
import Profiles
import Testing

@testable import ProfileDirectory

@Suite struct ActiveLinkTests {
    private func calm(_ name: String = "calm.yaml") throws -> ActiveLink {
        .target(try ProfileID("calm"), fileName: name)
    }

    @Test func `no link means that no profile is active`() async throws {
        try await withProfiles { directory in
            let link = try directory.activeLink
            #expect(link == .absent)
        }
    }

    @Test(arguments: ["calm.yaml", "./calm.yaml", ".//calm.yaml"])
    func `a relative link names the active profile`(target: String) async throws {
        try await withProfiles { directory in
            try directory.write(profileText("Calm"), to: "calm.yaml")
            try directory.link("active", to: target)
            #expect(try directory.activeLink == calm())
        }
    }

    @Test(arguments: ["calm", "calm\n", "  calm \r\n", "calm.yaml", "\ncalm.yaml\n", "./calm.yaml", "\u{feff}calm\n"])
    func `a small regular file can hold the id`(text: String) async throws {
        try await withProfiles { directory in
            try directory.write(profileText("Calm"), to: "calm.yaml")
            try directory.write(text, to: "active")
            #expect(try directory.activeLink == calm())
        }
    }

    @Test func `a ConfigMap's file with the id lies behind two links`() async throws {
        try await withProfiles { directory in
            try FileManager.default.createDirectory(atPath: directory.path + "/..1", withIntermediateDirectories: false)
            try directory.write("calm", to: "..1/active")
            try directory.write(profileText("Calm"), to: "..1/calm.json")
            try directory.link("..data", to: "..1")
            try directory.link("active", to: "..data/active")
            try directory.link("calm.json", to: "..data/calm.json")
            #expect(try directory.activeLink == calm("calm.json"))
        }
    }

    @Test(arguments: [
        ("/etc/passwd", DiagnosticCode.activeAbsolute),
        ("../outside.yaml", .activeOutside),
        ("..", .activeOutside),
        ("profiles/calm.yaml", .activeOutside),
        ("active", .activeLoop),
        ("gone.yaml", .activeDangling),
        ("notes.txt", .badFileName),
        ("none.yaml", .badFileName),
        (".hidden.yaml", .badFileName),
    ])
    func `a link that cannot be followed is told of by kind`(target: String, code: DiagnosticCode) async throws {
        try await withProfiles { directory in
            try directory.link("active", to: target)
            guard case .broken(let finding) = try directory.activeLink else {
                Issue.record("was followed")
                return
            }
            #expect(finding.code == code)
            #expect(finding.location.file == directory.path + "/active")
        }
    }

    @Test(arguments: ["", "two words\nand a line", "gone", profileText("Calm"), String(repeating: "x", count: 2000)])
    func `a regular file with something else in it is no link`(text: String) async throws {
        try await withProfiles { directory in
            try directory.write(text, to: "active")
            guard case .broken(let finding) = try directory.activeLink else {
                Issue.record("was understood")
                return
            }
            #expect(finding.code == (text == "gone" ? .activeDangling : .activeNotALink))
        }
    }

    @Test func `a pipe and a directory in its place are told of`() async throws {
        try await withProfiles { directory in
            #expect(unsafe mkfifo(directory.path + "/active", 0o600) == 0)
            guard case .broken(let finding) = try directory.activeLink else {
                Issue.record("was understood")
                return
            }
            #expect(finding.code == .activeSpecialFile)
            #expect(finding.message.contains("named pipe"))
        }
    }

    @Test func `switching never shows anything but the old link or the new one`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A"), to: "a.yaml")
            try directory.write(profileText("B"), to: "b.yaml")
            try directory.setActive("a.yaml")
            let reader = Task.detached {
                var seen: Set<ActiveLink> = []
                while !Task.isCancelled { seen.insert(try directory.activeLink) }
                return seen
            }
            for round in 0..<100 {
                try directory.setActive(round.isMultiple(of: 2) ? "b.yaml" : "a.yaml")
            }
            reader.cancel()
            let expected: Set<ActiveLink> = [
                .target(try ProfileID("a"), fileName: "a.yaml"), .target(try ProfileID("b"), fileName: "b.yaml"),
            ]
            #expect(try await reader.value.isSubset(of: expected))
            #expect(try directory.leftovers.isEmpty)
        }
    }
}
