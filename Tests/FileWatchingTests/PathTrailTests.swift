import Foundation
import MillmTesting
import Testing

@testable import FileWatching

@Suite struct PathTrailTests {
    @Test func `a plain path has its last name as the only hop`() async throws {
        try await withTemporaryDirectory { root in
            let trail = PathTrail(following: root)
            #expect(trail.hops.map(\.name) == [URL(filePath: root).lastPathComponent])
            #expect(trail.directory?.hasSuffix(trail.hops[0].name) == true)
            #expect(trail.identity != nil)
        }
    }

    @Test func `every link on the way is a hop, and the directory is named without links`() async throws {
        try await withTemporaryDirectory { root in
            try FileManager.default.createDirectory(atPath: root + "/rev1/profiles", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: root + "/current", withDestinationPath: "./rev1")
            try FileManager.default.createSymbolicLink(atPath: root + "/link", withDestinationPath: root + "/current")
            let trail = PathTrail(following: root + "/link/../link//profiles/.")
            #expect(trail.hops.map(\.name).filter { $0 != "profiles" } == ["link", "current", "link", "current"])
            #expect(trail.directory?.hasSuffix("/rev1/profiles") == true)
        }
    }

    @Test func `a missing name ends the trail where it would appear`() async throws {
        try await withTemporaryDirectory { root in
            let trail = PathTrail(following: root + "/missing/profiles")
            #expect(trail.directory == nil)
            #expect(trail.hops.last?.name == "missing")
        }
    }

    @Test func `a circle of links ends`() async throws {
        try await withTemporaryDirectory { root in
            try FileManager.default.createSymbolicLink(atPath: root + "/a", withDestinationPath: "b")
            try FileManager.default.createSymbolicLink(atPath: root + "/b", withDestinationPath: "a")
            #expect(PathTrail(following: root + "/a").directory == nil)
        }
    }

    @Test func `a file is no directory`() async throws {
        try await withTemporaryDirectory { root in
            try Data().write(to: URL(filePath: root + "/file"))
            let trail = PathTrail(following: root + "/file")
            #expect(trail.directory == nil)
            #expect(trail.hops.last?.name == "file")
        }
    }
}
