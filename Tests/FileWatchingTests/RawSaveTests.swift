import Foundation
import Glibc
import MillmTesting
import Testing

@testable import FileWatching

/// Saves that no common tool makes, by system call.
@Suite struct RawSaveTests {
    private func observer(of path: String) async throws -> Observer {
        let observer = Observer(try DirectoryWatch(path, pollInterval: .seconds(3600)))
        try await observer.hints(until: .rescan)
        return observer
    }

    @Test func `an anonymous file that is given a name gives a hint with it`() async throws {
        try await withTemporaryDirectory { root in
            let observer = try await observer(of: root)
            // O_TMPFILE, which the toolchain hides.
            let file = Descriptor(owning: unsafe open(root, O_WRONLY | 0o20000000 | O_DIRECTORY, 0o600))
            let link = "/proc/self/fd/\(file.number)"
            #expect(unsafe linkat(AT_FDCWD, link, AT_FDCWD, root + "/p.yaml", Int32(AT_SYMLINK_FOLLOW)) == 0)
            try await observer.hints(until: .name("p.yaml"))
        }
    }

    @Test func `a write through a shared mapping gives a hint when it ends`() async throws {
        try await withTemporaryDirectory { root in
            try Data("abc".utf8).write(to: URL(filePath: root + "/p.yaml"))
            let observer = try await observer(of: root)
            do {
                let file = Descriptor(owning: unsafe open(root + "/p.yaml", O_RDWR))
                let memory = unsafe mmap(nil, 3, PROT_READ | PROT_WRITE, MAP_SHARED, file.number, 0)
                unsafe memory?.storeBytes(of: UInt8(ascii: "x"), as: UInt8.self)
                #expect(unsafe munmap(memory, 3) == 0)
            }
            try await observer.hints(until: .name("p.yaml"))
            #expect(try String(contentsOfFile: root + "/p.yaml", encoding: .utf8) == "xbc")
        }
    }

    @Test func `a directory that is removed with everything in it is gone`() async throws {
        try await withTemporaryDirectory { root in
            try shell("mkdir -p d; echo x > d/p.yaml", in: root)
            let observer = try await observer(of: root + "/d")
            try shell("rm -rf d", in: root)
            try await observer.hints(until: .gone)
        }
    }

    @Test func `a directory that lies below its own link's parent plays both parts`() async throws {
        try await withTemporaryDirectory { root in
            try shell("mkdir d; ln -s . d/self", in: root)
            let observer = try await observer(of: root + "/d/self")
            try shell("echo x > d/p.yaml", in: root)
            try await observer.hints(until: .name("p.yaml"))
            try shell("mkdir d/e; ln -sfn e d/self", in: root)
            try await observer.hints(until: .rescan)
            try shell("echo x > d/e/q.yaml", in: root)
            try await observer.hints(until: .name("q.yaml"))
        }
    }

    @Test func `lost events are told by the kernel, and lead to a rescan`() async throws {
        try await withTemporaryDirectory { root in
            let inotify = try Inotify()
            let arming = try WatchArming(root, with: inotify)
            let overflow = Inotify.Event(watch: -1, mask: UInt32(IN_Q_OVERFLOW), name: nil)
            #expect(arming.meaning(of: overflow) == .overflow)
            let stranger = Inotify.Event(watch: 9999, mask: UInt32(IN_CREATE), name: "p.yaml")
            #expect(arming.meaning(of: stranger) == .noise)
        }
    }

    @Test func `a hint follows the change long before the poll`() async throws {
        try await withTemporaryDirectory { root in
            let observer = try await observer(of: root)
            let clock = ContinuousClock()
            var times: [Duration] = []
            for round in 0..<200 {
                try Data("x".utf8).write(to: URL(filePath: root + "/.tmp"))
                let start = clock.now
                #expect(unsafe rename(root + "/.tmp", root + "/p\(round).yaml") == 0)
                try await observer.hints(until: .name("p\(round).yaml"))
                times.append(clock.now - start)
            }
            times.sort()
            print("rename to hint: median \(times[100]), 99 % \(times[198]), worst \(times[199])")
            #expect(times[100] < .milliseconds(500))
        }
    }
}
