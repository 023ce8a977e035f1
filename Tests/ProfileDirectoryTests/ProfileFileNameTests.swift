import Profiles
import Testing

@testable import ProfileDirectory

@Suite struct ProfileFileNameTests {
    @Test(arguments: ["a.yaml", "a.yml", "a.json", "🎉 Ünï.yaml", "a.b.yaml", "a copy (1).json", "ACTIVE.yaml"])
    func `a name with an extension of a profile is one`(name: String) throws {
        let id = try ProfileID(String(name[..<name.lastIndex(of: ".")!]))
        #expect(ProfileFileName(name, file: name) == .profile(id))
    }

    @Test(arguments: [
        "active", "4913", ".a.yaml", ".#a.yaml", "a.yaml~", "#a.yaml#", "a.yaml.swp", "a.yaml.swx", "a.yaml.tmp",
        "a.yaml.bak", "a.yaml.orig", "___jb_tmp___", "___jb_old___", "a.txt", "README.md", "yaml", ".yaml",
        ".millm-write",
    ])
    func `other names are ignored in silence`(name: String) {
        #expect(ProfileFileName(name, file: name) == .ignored)
    }

    @Test(arguments: ["none.yaml", "active.json", "a\u{7}.yaml", String(repeating: "ä", count: 101) + ".yaml"])
    func `a profile's file whose name cannot be an id is told of`(name: String) {
        guard case .invalid(let finding) = ProfileFileName(name, file: "profiles/x") else {
            Issue.record("no finding")
            return
        }
        #expect(finding.code == .badFileName)
        #expect(finding.location.file == "profiles/x")
    }
}

@Suite struct ProfileIDNamingTests {
    @Test(arguments: [
        ("King James", "king-james"), ("  Crème   brûlée! ", "crème-brûlée"), ("King's “Best” / 2", "kings-best-2"),
        ("🎉 Party", "🎉-party"), ("夜", "夜"), ("../../etc/passwd", "etc-passwd"), ("None", "none-profile"),
        ("active", "active-profile"), ("...", "profile"), ("a\u{0}b\nc", "a-b-c"), ("-x-", "x"), ("ÀÉ", "àé"),
    ])
    func `a display name becomes a file name`(name: String, id: String) {
        #expect(ProfileID(naming: name) { _ in false }.description == id)
    }

    @Test func `a number parts those that would have the same name`() throws {
        let taken: Set = [try ProfileID("a"), try ProfileID("a-2")]
        #expect(ProfileID(naming: "A") { taken.contains($0) }.description == "a-3")
    }

    @Test func `a long name is cut between characters, and leaves room for the number`() {
        let name = String(repeating: "👩‍👩‍👧", count: 100)
        let first = ProfileID(naming: name) { _ in false }
        let second = ProfileID(naming: name) { $0 == first }
        #expect(first.description.utf8.count <= 200)
        #expect(second.description.utf8.count <= 200)
        #expect(first.description.allSatisfy { $0 == "👩‍👩‍👧" })
        #expect(second.description.hasSuffix("👩‍👩‍👧-2"))
    }
}
