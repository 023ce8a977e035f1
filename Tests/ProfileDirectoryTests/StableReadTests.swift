import Foundation
import Glibc
import Profiles
import Synchronization
import Testing

@testable import ProfileDirectory

@Suite struct StableReadTests {
    private func failure(of name: String, in directory: TestDirectory) throws -> ReadFailure? {
        do {
            _ = try directory.read(name)
            return nil
        } catch let failure as ReadFailure {
            return failure
        }
    }

    @Test func `a file is read whole`() async throws {
        try await withProfiles { directory in
            for size in [0, 1, 4096, StableRead.maximumSize] {
                let text = String(repeating: "x", count: size)
                try directory.write(text, to: "a.yaml")
                let read = try directory.read("a.yaml")
                #expect(read.bytes == Array(text.utf8))
                #expect(!read.isBeingWritten)
            }
        }
    }

    @Test func `a file over 1 MiB is refused by its size`() async throws {
        try await withProfiles { directory in
            try directory.write(String(repeating: "x", count: StableRead.maximumSize + 1), to: "a.yaml")
            #expect(try failure(of: "a.yaml", in: directory) == .tooLarge(size: UInt64(StableRead.maximumSize + 1)))
        }
    }

    @Test func `a file that somebody has open for writing is told from one that is complete`() async throws {
        try await withProfiles { directory in
            try directory.write("abc", to: "a.yaml")
            let writer = try FileHandle(forWritingTo: URL(filePath: directory.path + "/a.yaml"))
            #expect(try directory.read("a.yaml").isBeingWritten)
            try writer.close()
            #expect(try !directory.read("a.yaml").isBeingWritten)
        }
    }

    @Test func `what is read while no program is said to write is whole, however a writer pauses`() async throws {
        try await withProfiles { directory in
            let whole = [UInt8](repeating: UInt8(ascii: "x"), count: 2000)
            try directory.write(String(decoding: whole, as: UTF8.self), to: "a.yaml")
            let path = directory.path + "/a.yaml"
            let isDone = Mutex(false)
            let thread = Thread {
                while !isDone.withLock({ $0 }) {
                    let number = unsafe open(path, O_WRONLY | O_TRUNC)
                    _ = unsafe write(number, whole, 1000)
                    usleep(100)
                    _ = unsafe write(number, whole, 1000)
                    close(number)
                }
            }
            thread.start()
            defer { isDone.withLock { $0 = true } }
            var torn = 0
            for _ in 0..<20_000 {
                let read = try directory.read("a.yaml")
                if !read.isBeingWritten, read.bytes != whole { torn += 1 }
            }
            #expect(torn == 0)
        }
    }

    @Test func `a pipe, a socket, a device and a directory are refused without waiting`() async throws {
        try await withProfiles { directory in
            #expect(unsafe mkfifo(directory.path + "/pipe.yaml", 0o600) == 0)
            #expect(try failure(of: "pipe.yaml", in: directory) == .notRegular(.pipe))
            try FileManager.default.createDirectory(
                atPath: directory.path + "/d.yaml",
                withIntermediateDirectories: false
            )
            #expect(try failure(of: "d.yaml", in: directory) == .notRegular(.directory))
            if getuid() == 0 {
                #expect(unsafe mknod(directory.path + "/null.yaml", S_IFCHR | 0o600, 0x103) == 0)
                #expect(try failure(of: "null.yaml", in: directory) == .notRegular(.device))
            }
        }
    }

    @Test func `links are followed inside the directory, as in a ConfigMap`() async throws {
        try await withProfiles { directory in
            try FileManager.default.createDirectory(atPath: directory.path + "/..1", withIntermediateDirectories: false)
            try directory.write("one", to: "..1/a.yaml")
            try directory.link("..data", to: "..1")
            try directory.link("a.yaml", to: "..data/a.yaml")
            try directory.link("b.yaml", to: "./..data/../a.yaml")
            for name in ["a.yaml", "b.yaml"] {
                #expect(try directory.read(name).bytes == Array("one".utf8))
            }
        }
    }

    @Test(arguments: [
        "../outside.yaml", "/etc/passwd", "d/../../outside.yaml", "up/outside.yaml", "way/../outside.yaml",
        // To Swift, a slash with a combining mark is no slash; to the kernel, it is.
        "../\u{301}outside.yaml", "/\u{301}outside.yaml", "up/\u{301}outside.yaml",
    ])
    func `a link that leaves the directory is never read`(target: String) async throws {
        try await withProfiles { directory in
            try directory.write("secret", to: "../outside.yaml")
            try directory.write("secret", to: "../\u{301}outside.yaml")
            try FileManager.default.createDirectory(atPath: directory.path + "/d", withIntermediateDirectories: false)
            try directory.link("up", to: "..")
            try directory.link("way", to: directory.path)
            try directory.link("a.yaml", to: target)
            guard case .leavesDirectory = try failure(of: "a.yaml", in: directory) else {
                Issue.record("was followed")
                return
            }
        }
    }

    @Test(arguments: [
        ("../out.yaml", "../out.yaml"), ("deep/../../out.yaml", "deep/../../out.yaml"), ("b.yaml", "../x"),
    ])
    func `the link that leaves the directory is named by what it says`(target: String, named: String) async throws {
        try await withProfiles { directory in
            try FileManager.default.createDirectory(atPath: directory.path + "/d", withIntermediateDirectories: false)
            try directory.link("deep", to: "d")
            try directory.link("b.yaml", to: "../x")
            try directory.link("a.yaml", to: target)
            #expect(try failure(of: "a.yaml", in: directory) == .leavesDirectory(target: named))
        }
    }

    @Test func `links in a circle and to nothing are told apart`() async throws {
        try await withProfiles { directory in
            try directory.link("a.yaml", to: "b.yaml")
            try directory.link("b.yaml", to: "a.yaml")
            try directory.link("c.yaml", to: "d.yaml")
            #expect(try failure(of: "a.yaml", in: directory) == .loop)
            #expect(try failure(of: "c.yaml", in: directory) == .missing)
        }
    }
}
