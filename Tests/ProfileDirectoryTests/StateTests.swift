import Foundation
import Glibc
import Profiles
import Testing

@testable import ProfileDirectory

@Suite struct StateTests {
    private func state(_ directory: TestDirectory, for path: String? = nil) throws -> StateDirectory {
        try StateDirectory(
            forProfilesIn: path ?? directory.path,
            environment: ["XDG_STATE_HOME": directory.root + "/state", "HOME": "/nowhere"]
        )
    }

    @Test func `each profile directory has a readable folder of its own, however its path is written`() async throws {
        try await withProfiles { directory in
            let folder = try state(directory)
            #expect(folder.path.hasPrefix(directory.root + "/state/millm/profiles-"))
            #expect(try state(directory, for: directory.root + "/./x/../profiles//") == folder)
            #expect(try state(directory, for: directory.root) != folder)
            // What is above a link's target is meant, as by every program.
            try directory.link("../way", to: "profiles/deep")
            try FileManager.default.createDirectory(
                atPath: directory.path + "/deep",
                withIntermediateDirectories: false
            )
            #expect(try state(directory, for: directory.root + "/way/../../profiles") == folder)
            try folder.create()
            try folder.create()
            #expect(try TestDirectory(root: folder.path, path: folder.path).status(of: ".").permissions == 0o700)
        }
    }

    @Test func `a link on the path may be swapped, and the real path leads to the same folder`() async throws {
        try await withProfiles { directory in
            let link = directory.root + "/current"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "profiles")
            let folder = try state(directory, for: link)
            try folder.create()
            let lock = try DaemonLock(in: folder)
            #expect(DaemonLock.holder(in: try state(directory)) == getpid())
            try FileManager.default.removeItem(atPath: link)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "elsewhere")
            #expect(try state(directory, for: link).path == folder.path)
            withExtendedLifetime(lock) {}
        }
    }

    @Test func `what is known of one directory is not taken for another's after a link was swapped`() async throws {
        try await withProfiles { directory in
            let link = directory.root + "/current"
            let (first, second) = (directory.path, directory.root + "/second")
            try FileManager.default.createDirectory(atPath: second, withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: first)
            let folder = try state(directory, for: link)
            try folder.create()
            let lock = try DaemonLock(in: folder)
            #expect(DaemonLock.holder(in: try state(directory, for: first)) == getpid())

            try FileManager.default.removeItem(atPath: link)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: second)
            #expect(lock.claim(try DirectoryHandle(link)) == nil)
            #expect(DaemonLock.holder(in: try state(directory, for: second)) == getpid())
            let other = try state(directory, for: first)
            #expect(DaemonLock.holder(in: other) == nil)
            #expect(DaemonLock.claimant(ofProfilesOf: other) == nil)
            try other.create()
            let another = try DaemonLock(in: other)
            withExtendedLifetime((lock, another)) {}
        }
    }

    @Test func `a daemon takes over what the one before left, and nothing of another directory`() async throws {
        try await withProfiles { directory in
            let (link, third) = (directory.root + "/current", directory.root + "/third")
            let (first, second) = (directory.path, directory.root + "/second")
            try FileManager.default.createDirectory(atPath: second, withIntermediateDirectories: false)
            for way in [link, third] {
                try FileManager.default.createSymbolicLink(atPath: way, withDestinationPath: first)
            }
            func serve(_ path: String) throws -> DaemonLock {
                let folder = try state(directory, for: path)
                try folder.create()
                return try DaemonLock(in: folder)
            }
            let earlier = try serve(link).folder
            try Data("kept".utf8).write(to: URL(filePath: earlier.path + "/note"))

            let lock = try serve(first)
            #expect(lock.folder.path != earlier.path)
            #expect(try String(contentsOfFile: lock.folder.path + "/note", encoding: .utf8) == "kept")
            #expect(try state(directory, for: link).path == lock.folder.path)
            try await expectError(.active) { _ = try serve(link) }

            try FileManager.default.removeItem(atPath: link)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: second)
            let other = try state(directory, for: link)
            #expect(DaemonLock.holder(in: other) == nil)
            #expect(!FileManager.default.fileExists(atPath: other.path + "/note"))
            let another = try serve(link)
            #expect(another.folder.path != lock.folder.path)
            #expect(try state(directory, for: second).path == another.folder.path)
            for way in [first, third] { #expect(try state(directory, for: way).path == lock.folder.path) }
            withExtendedLifetime((lock, another)) {}
        }
    }

    @Test func `directories whose names are no UTF-8 have folders of their own`() async throws {
        try await withProfiles { directory in
            var folders: Set<String> = []
            for byte: UInt8 in [0xFE, 0xFF] {
                let path = Array("\(directory.root)/d".utf8) + [byte, 0]
                let isMade = unsafe path.withUnsafeBytes { path in
                    unsafe mkdir(path.bindMemory(to: CChar.self).baseAddress!, 0o700)
                }
                try #require(isMade == 0)
                let link = "\(directory.root)/link-\(byte)"
                let isLinked = unsafe path.withUnsafeBytes { path in
                    unsafe symlink(path.bindMemory(to: CChar.self).baseAddress!, link)
                }
                try #require(isLinked == 0)
                let folder = try state(directory, for: link)
                try folder.create()
                let lock = try DaemonLock(in: folder)
                folders.insert(try state(directory, for: link).path)
                withExtendedLifetime(lock) {}
            }
            #expect(folders.count == 2)
        }
    }

    @Test func `without XDG_STATE_HOME it lies in the home directory, and without that nowhere`() async throws {
        let folder = try StateDirectory(forProfilesIn: "/p", environment: ["HOME": "/home/a", "XDG_STATE_HOME": ""])
        #expect(folder.path.hasPrefix("/home/a/.local/state/millm/p-"))
        try await expectError(.inputOutput) { _ = try StateDirectory(forProfilesIn: "/p", environment: [:]) }
    }

    @Test func `a status is read as it was written, and with all keys`() async throws {
        try await withProfiles { directory in
            let folder = try state(directory)
            let file = StatusFile(in: folder)
            #expect(try file.read() == nil)
            try folder.create()
            #expect(try file.read() == nil)
            let model = LoaderStatus.Model(name: "M", embeddingSize: 576, layerCount: 30)
            var status = LoaderStatus(pid: 1, mode: .inotify, model: model, sae: nil)
            try file.write(status)
            #expect(try file.read() == status)
            status.state = .degraded
            status.desired = LoaderStatus.Desired(id: try ProfileID("🎉 é"), digest: nil)
            status.reason = LoaderStatus.Reason(code: "P001", message: "m", file: "a/b.yaml", line: 1, since: .now())
            try file.write(status)
            #expect(try file.read() == status)
            let text = try String(contentsOfFile: folder.path + "/status.json", encoding: .utf8)
            for key in ["applied", "sae", "digest", "column"] { #expect(text.contains("\"\(key)\" : null")) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["status.json"])
        }
    }

    @Test func `a status of another program is told of`() async throws {
        try await withProfiles { directory in
            let folder = try state(directory)
            try folder.create()
            try Data("{}".utf8).write(to: URL(filePath: folder.path + "/status.json"))
            try await expectError(.inputOutput) { _ = try StatusFile(in: folder).read() }
        }
    }

    @Test func `one daemon serves a directory, and the second is told who`() async throws {
        try await withProfiles { directory in
            let folder = try state(directory)
            try folder.create()
            #expect(DaemonLock.holder(in: folder) == nil)
            do {
                let lock = try DaemonLock(in: folder)
                #expect(DaemonLock.holder(in: folder) == getpid())
                let error = try await expectError(.active) { _ = try DaemonLock(in: folder) }
                #expect(error.message.contains("pid \(getpid())"))
                withExtendedLifetime(lock) {}
            }
            #expect(DaemonLock.holder(in: folder) == nil)
            _ = try DaemonLock(in: folder)
        }
    }

    @Test func `a directory is served by one daemon, whatever way and user it is reached by`() async throws {
        try await withProfiles { directory in
            let folder = try state(directory)
            try folder.create()
            let lock = try DaemonLock(in: folder)
            // Another user has another state folder; a hard way in is a link, or a mount.
            let other = try StateDirectory(
                forProfilesIn: directory.root + "/way/in",
                environment: ["XDG_STATE_HOME": directory.root + "/other"]
            )
            try FileManager.default.createDirectory(atPath: directory.root + "/way", withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(
                atPath: directory.root + "/way/in",
                withDestinationPath: directory.path
            )
            try other.create()
            let error = try await expectError(.active) { _ = try DaemonLock(in: other) }
            #expect(error.message.contains("pid \(getpid())"))
            withExtendedLifetime(lock) {}
        }
    }

    @Test func `a program that locks the directory under another's pid is not told of as a daemon`() async throws {
        try await withProfiles { directory in
            let folder = try state(directory)
            try folder.create()
            let innocent = Process()
            innocent.executableURL = URL(filePath: "/bin/cat")
            let input = Pipe()
            innocent.standardInput = input
            try innocent.run()
            let lock = try DaemonLock(in: folder)
            try FileManager.default.moveItem(atPath: directory.path, toPath: directory.root + "/before")
            try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: false)
            let number = unsafe open(directory.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            defer { close(number) }
            let start = off_t(innocent.processIdentifier)
            var range = flock(l_type: Int16(F_RDLCK), l_whence: Int16(SEEK_SET), l_start: start, l_len: 1, l_pid: 0)
            // F_OFD_SETLK, which the toolchain hides.
            let isLocked = unsafe fcntl(number, 37, &range) == 0
            try #require(isLocked)

            let finding = lock.follow(to: DirectoryIdentity(try directory.status(of: ".")))
            #expect(finding?.code == .directoryTaken)
            #expect(finding?.message.contains("no millmd") == true)
            let other = try StateDirectory(
                forProfilesIn: directory.path,
                environment: ["XDG_STATE_HOME": directory.root + "/other"]
            )
            try other.create()
            let error = try await expectError(.active) { _ = try DaemonLock(in: other) }
            #expect(error.message.contains("not by the process \(innocent.processIdentifier) (cat)"))
            #expect(!error.message.contains("Stop it"))
            try input.fileHandleForWriting.close()
            innocent.waitUntilExit()
        }
    }

    @Test func `the claim follows the path to another directory, unless another daemon has that`() async throws {
        try await withProfiles { directory in
            let folder = try state(directory)
            try folder.create()
            let lock = try DaemonLock(in: folder)
            try FileManager.default.moveItem(atPath: directory.path, toPath: directory.root + "/before")
            try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: false)
            // By another way, as another user.
            func other(_ path: String) throws -> StateDirectory {
                let environment = ["XDG_STATE_HOME": directory.root + "/other"]
                let state = try StateDirectory(forProfilesIn: directory.root + path, environment: environment)
                try state.create()
                return state
            }
            try directory.link("../way", to: "profiles")
            var identity: DirectoryIdentity { get throws { DirectoryIdentity(try directory.status(of: ".")) } }
            do {
                let second = try DaemonLock(in: other("/way"))
                let finding = lock.follow(to: try identity)
                #expect(finding?.code == .directoryTaken)
                #expect(finding?.message.contains("pid \(getpid())") == true)
                let repository = DirectoryRepository(path: directory.path, daemonLock: lock)
                let refusal = try await expectError(.directoryTaken) {
                    _ = try await repository.create(Profile(name: "A"), id: nil)
                }
                #expect(refusal.message.contains("pid \(getpid())"))
                #expect(try directory.names == [])
                withExtendedLifetime(second) {}
            }
            #expect(lock.follow(to: try identity) == nil)
            try await expectError(.active) { _ = try DaemonLock(in: other("/way")) }
            _ = try DaemonLock(in: other("/before"))
            // What is not there is not served, and may be another's.
            #expect(lock.follow(to: nil) == nil)
            try await expectError(.active) { _ = try DaemonLock(in: other("/way")) }
            try FileManager.default.moveItem(atPath: directory.path, toPath: directory.root + "/after")
            #expect(lock.follow(to: nil) == nil)
            _ = try DaemonLock(in: other("/after"))
            withExtendedLifetime(lock) {}
        }
    }
}
