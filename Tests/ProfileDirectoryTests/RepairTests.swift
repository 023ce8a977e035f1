import Foundation
import Glibc
import MillmTesting
import Profiles
import Testing

@testable import ProfileDirectory

@Suite struct RepairTests {
    /// Takes the recommended way out of every damage.
    @discardableResult
    private func repair(_ bench: HistoryBench) async throws -> [String] {
        var done: [String] = []
        for damage in try await bench.repository.damages() {
            done.append(try await bench.repository.mend(damage, by: #require(damage.remedies.first)))
        }
        #expect(try await bench.repository.damages().isEmpty)
        return done
    }

    @Test func `a healthy directory has no damages`() async throws {
        try await withHistory { bench in
            try bench.directory.write(profileText("A"), to: "a.yaml")
            try bench.directory.link("active", to: "a.yaml")
            #expect(try await bench.repository.damages().isEmpty)
        }
    }

    @Test func `looking changes nothing`() async throws {
        try await withHistory { bench in
            try bench.directory.write(profileText("A"), to: "active")
            try bench.directory.write("x", to: ".millm-write")
            let damages = try await bench.repository.damages()
            #expect(damages.map(\.finding.code) == [.interrupted, .activeNotALink])
            #expect(damages.allSatisfy { !$0.remedies.isEmpty })
            #expect(try bench.directory.names == ["active", ".millm-write"])
        }
    }

    @Test func `sed at the link: what it holds becomes a profile of its own`() async throws {
        try await withHistory { bench in
            try bench.directory.write(profileText("A", strength: 1), to: "a.yaml")
            try bench.directory.write("# edited\n" + profileText("A", strength: 2), to: "active")
            try await repair(bench)
            #expect(try bench.directory.names == ["a.yaml", "a-2.yaml", "active"])
            #expect(try bench.directory.target(of: "active") == "a-2.yaml")
            #expect(try bench.directory.text(of: "a-2.yaml") == "# edited\n" + profileText("A (2)", strength: 2))
            #expect(try bench.directory.text(of: "a.yaml") == profileText("A", strength: 1))
        }
    }

    @Test func `a profile that was moved onto the link gets a name again`() async throws {
        try await withHistory { bench in
            try bench.directory.write(profileText("B"), to: "active")
            try await repair(bench)
            #expect(try bench.directory.names == ["b.yaml", "active"])
            #expect(try bench.directory.text(of: "b.yaml") == profileText("B"))
        }
    }

    @Test func `a copy of a profile at the link is the profile`() async throws {
        try await withHistory { bench in
            try bench.directory.write(profileText("A"), to: "a.yaml")
            try bench.directory.write(profileText("A"), to: "active")
            try await repair(bench)
            #expect(try bench.directory.names == ["a.yaml", "active"])
            #expect(try bench.directory.target(of: "active") == "a.yaml")
        }
    }

    @Test func `a text at the link that is no profile is kept`() async throws {
        try await withHistory { bench in
            try bench.directory.write("steering: [\nnot, a, profile\n", to: "active")
            try await repair(bench)
            #expect(try bench.directory.text(of: "recovered.yaml") == "steering: [\nnot, a, profile\n")
        }
    }

    @Test func `an absolute link into the directory becomes a relative one`() async throws {
        try await withHistory { bench in
            try bench.directory.write(profileText("A"), to: "a.yaml")
            try bench.directory.link("active", to: bench.directory.path + "/a.yaml")
            try await repair(bench)
            #expect(try bench.directory.target(of: "active") == "a.yaml")
        }
    }

    @Test(arguments: ["/etc/passwd", "../outside.yaml", "active", "b.yaml", "a.txt"])
    func `a link that leads nowhere points at what was applied last, or goes`(target: String) async throws {
        try await withHistory { bench in
            try bench.directory.link("active", to: target)
            try await repair(bench)
            #expect(try bench.directory.names.isEmpty)
            try bench.directory.write(profileText("A"), to: "a.yaml")
            try bench.apply("a.yaml")
            try bench.directory.link("active", to: target)
            try await repair(bench)
            #expect(try bench.directory.target(of: "active") == "a.yaml")
        }
    }

    @Test func `an active profile that was deleted comes back`() async throws {
        try await withHistory { bench in
            try bench.directory.write(profileText("A"), to: "a.yaml")
            try bench.directory.link("active", to: "a.yaml")
            try bench.apply("a.yaml")
            try FileManager.default.removeItem(atPath: bench.directory.path + "/a.yaml")
            let damage = try #require(try await bench.repository.damages().first)
            #expect(damage.remedies.count == 2)
            try await repair(bench)
            #expect(try bench.directory.text(of: "a.yaml") == profileText("A"))
        }
    }

    @Test func `a pipe at the link is set aside`() async throws {
        try await withHistory { bench in
            #expect(unsafe mkfifo(bench.directory.path + "/active", 0o600) == 0)
            try await repair(bench)
            #expect(try bench.directory.names == ["active.bak"])
        }
    }

    /// Each is changed while another program writes, which the repair waits for.
    @Test func `what is not as it was shown any more is left alone`() async throws {
        let changes: [(prepare: (TestDirectory) throws -> Void, change: (TestDirectory) throws -> Void)] = [
            (
                { try $0.write(profileText("A"), to: "a.yml") },
                { try $0.write(profileText("A", strength: 2), to: "a.yml") }
            ),
            (
                { try $0.link("active", to: "nobody.yaml") },
                { try $0.setActive("b.yaml") }
            ),
            (
                { try $0.write(profileText("C"), to: "active") },
                { directory in
                    try FileManager.default.removeItem(atPath: directory.path + "/active")
                    try directory.link("active", to: "b.yaml")
                }
            ),
        ]
        for (prepare, change) in changes {
            try await withHistory { bench in
                let directory = bench.directory
                try directory.write(profileText("A"), to: "a.yaml")
                try directory.write(profileText("B"), to: "b.yaml")
                try prepare(directory)
                let damage = try #require(try await bench.repository.damages().first)
                let remedy = try #require(damage.remedies.first)
                let other = try ForeignLock(directory.path)
                let repair = Task.immediate { try await bench.repository.mend(damage, by: remedy) }
                try change(directory)
                let before = try directory.names
                other.release()
                try await expectError(.conflict) { _ = try await repair.value }
                #expect(try directory.names == before)
                #expect(try await bench.repository.damages().allSatisfy { $0.finding.code == .duplicateID })
            }
        }
    }

    @Test func `twins with the same bytes become one, others part`() async throws {
        try await withHistory { bench in
            try bench.directory.write(profileText("A"), to: "a.yaml")
            try bench.directory.write(profileText("A"), to: "a.yml")
            try bench.directory.write(profileText("B", strength: 1), to: "b.yaml")
            try bench.directory.write(profileText("B", strength: 2), to: "b.yml")
            try bench.directory.link("active", to: "b.yml")
            try await repair(bench)
            #expect(try bench.directory.names == ["a.yaml", "b.yml", "b-2.yaml", "active"])
            #expect(try bench.directory.text(of: "b-2.yaml") == profileText("B", strength: 1))
        }
    }

    @Test func `what has changed since it was found is left alone`() async throws {
        try await withHistory { bench in
            try bench.directory.write(profileText("B"), to: "active")
            let damage = try #require(try await bench.repository.damages().first)
            try FileManager.default.removeItem(atPath: bench.directory.path + "/active")
            try await expectError(.conflict) {
                _ = try await bench.repository.mend(damage, by: #require(damage.remedies.first))
            }
        }
    }
}
