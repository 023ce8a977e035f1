import FileWatching
import Foundation
import Glibc
import Profiles
import Testing

@testable import ProfileDirectory

@Suite struct ActiveProfileReaderTests {
    @Test func `the active profile is read with its bytes and its digest`() async throws {
        try await withProfiles { directory in
            let text = profileText("Calm", strength: 2.5)
            try directory.write(text, to: "calm.yaml")
            try directory.link("active", to: "calm.yaml")
            guard case .profile(let active) = ActiveProfileReader(path: directory.path).read().desired else {
                Issue.record("not read")
                return
            }
            #expect(active.file.profile?.steering == [7: 2.5])
            #expect(active.file.digest == ContentDigest(of: Array(text.utf8)))
            #expect(active.bytes == Array(text.utf8))
            #expect(active.completeness == .whole)
        }
    }

    @Test(arguments: ["calm.yaml", "active"])
    func `a file counts as closed though the kernel takes a moment after it has told so`(name: String) async throws {
        try await withProfiles { directory in
            try directory.write(profileText("Calm"), to: "calm.yaml")
            try directory.write("calm", to: "active")
            // A busy machine may close it too late.
            var isInTime = false
            while !isInTime {
                let writer = try FileHandle(forWritingTo: URL(filePath: directory.path + "/" + name))
                let start = ContinuousClock.now
                let closing = Task.detached {
                    usleep(5000)
                    try writer.close()
                    return ContinuousClock.now - start
                }
                let reading = ActiveProfileReader(path: directory.path).read(for: .closed(name))
                isInTime = try await closing.value < .milliseconds(15)
                guard case .profile(let active) = reading.desired else {
                    Issue.record("not read")
                    return
                }
                #expect(active.completeness == .whole || !isInTime)
            }
        }
    }

    @Test func `a file 'active' that somebody has open for writing may name another profile yet`() async throws {
        try await withProfiles { directory in
            let reader = ActiveProfileReader(path: directory.path)
            try directory.write(profileText("Calm"), to: "calm.yaml")
            try directory.write("calm", to: "active")
            func completeness() -> Completeness? {
                guard case .profile(let active) = reader.read().desired else { return nil }
                return active.completeness
            }
            let writer = try FileHandle(forWritingTo: URL(filePath: directory.path + "/active"))
            #expect(completeness() == .open)
            try writer.close()
            #expect(completeness() == .whole)
        }
    }

    @Test func `other files of the directory are not opened`() async throws {
        try await withProfiles { directory in
            let reader = ActiveProfileReader(path: directory.path)
            #expect(reader.read().desired == .absent)
            #expect(unsafe mkfifo(directory.path + "/pipe.yaml", 0o600) == 0)
            try directory.write("no profile", to: "broken.yaml")
            try directory.write(profileText("Calm"), to: "calm.yaml")
            try directory.link("active", to: "calm.yaml")
            let first = reader.read()
            guard case .profile(let active) = first.desired else {
                Issue.record("not read")
                return
            }
            #expect(active.file.diagnostics.isEmpty)
            #expect(reader.read(after: first) == first)
        }
    }

    @Test func `a second file with the same id makes the active one invalid until it is gone`() async throws {
        try await withProfiles { directory in
            let reader = ActiveProfileReader(path: directory.path)
            try directory.write(profileText("Calm"), to: "calm.yaml")
            try directory.link("active", to: "calm.yaml")
            try directory.write("{}", to: "calm.json")
            let doubled = reader.read()
            guard case .profile(let active) = doubled.desired else {
                Issue.record("not read")
                return
            }
            #expect(active.file.profile == nil)
            #expect(active.file.diagnostics.map(\.code) == [.duplicateID])
            try FileManager.default.removeItem(atPath: directory.path + "/calm.json")
            guard case .profile(let alone) = reader.read(after: doubled).desired else {
                Issue.record("not read")
                return
            }
            #expect(alone.file.profile != nil)
        }
    }

    @Test func `a file that cannot be read leaves the id known`() async throws {
        try await withProfiles { directory in
            try directory.write("x", to: "../outside.yaml")
            try directory.link("calm.yaml", to: "../outside.yaml")
            try directory.link("active", to: "calm.yaml")
            guard case .unreadable(let id, let finding) = ActiveProfileReader(path: directory.path).read().desired
            else {
                Issue.record("was read")
                return
            }
            #expect(id.description == "calm")
            #expect(finding.code == .linkLeavesDirectory)
        }
    }

    /// Right after a removal, the new directory gets the inode number of the old one.
    @Test(arguments: [false, true])
    func `a directory that is gone says nothing, and an empty one in its place is not taken for it`(
        isRemoved: Bool
    ) async throws {
        try await withProfiles { directory in
            try directory.write(profileText("Calm"), to: "calm.yaml")
            let reader = ActiveProfileReader(path: directory.path)
            var reading = reader.read()
            #expect(reading.desired == .absent)

            if isRemoved {
                try FileManager.default.removeItem(atPath: directory.path)
            } else {
                try FileManager.default.moveItem(atPath: directory.path, toPath: directory.root + "/old")
            }
            reading = reader.read(after: reading)
            guard case .directoryGone(let finding) = reading.desired else {
                Issue.record("\(reading.desired)")
                return
            }
            #expect(finding.code == .directoryGone)

            // What is left after unmounting.
            try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: false)
            for _ in 0..<2 {
                reading = reader.read(after: reading)
                guard case .directoryGone = reading.desired else {
                    Issue.record("\(reading.desired)")
                    return
                }
            }
            try directory.write(profileText("Loud"), to: "loud.yaml")
            #expect(reader.read(after: reading).desired == .absent)
        }
    }

    @Test func `link and file come from the same revision of a ConfigMap`() async throws {
        try await withProfiles { directory in
            for revision in 1...2 {
                let folder = "..\(revision)"
                try FileManager.default.createDirectory(
                    atPath: directory.path + "/" + folder,
                    withIntermediateDirectories: false
                )
                try directory.write("p\(revision)", to: folder + "/active")
                for id in 1...2 { try directory.write(profileText("r\(revision)"), to: "\(folder)/p\(id).yaml") }
            }
            try directory.link("..data", to: "..1")
            for name in ["active", "p1.yaml", "p2.yaml"] { try directory.link(name, to: "..data/" + name) }
            let swaps = Task.detached {
                var revision = 1
                while !Task.isCancelled {
                    revision = 3 - revision
                    let path = directory.path
                    #expect(unsafe symlink("..\(revision)", path + "/..data_tmp") == 0)
                    #expect(unsafe rename(path + "/..data_tmp", path + "/..data") == 0)
                }
            }
            var seen: Set<String> = []
            for _ in 0..<500 {
                if case .profile(let active) = ActiveProfileReader(path: directory.path).read().desired {
                    seen.insert("\(active.file.id) \(active.file.displayName)")
                }
            }
            swaps.cancel()
            await swaps.value
            #expect(seen.isSubset(of: ["p1 r1", "p2 r2"]), "\(seen)")
        }
    }
}
