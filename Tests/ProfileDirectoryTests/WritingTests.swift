import CLinux
import Foundation
import Glibc
import MillmTesting
import Profiles
import Synchronization
import Testing

@testable import FileWatching
@testable import ProfileDirectory

@Suite struct WritingTests {
    @Test func `writers take turns, and one who waits too long is told`() async throws {
        try await withProfiles { directory in
            let whileLocked = try refusalWhileLocked(directory)
            #expect(whileLocked?.code == EWOULDBLOCK)
            #expect(refusal(of: directory) == nil)
        }
    }

    private func refusalWhileLocked(_ directory: TestDirectory) throws -> SystemError? {
        let lock = try DirectoryLock(DirectoryHandle(directory.path))
        return lock.hold { refusal(of: directory) }
    }

    /// Why the directory cannot be locked within some milliseconds.
    private func refusal(of directory: TestDirectory) -> SystemError? {
        do {
            _ = try DirectoryLock(DirectoryHandle(directory.path), patience: .milliseconds(5))
            return nil
        } catch {
            return error
        }
    }

    @Test func `who reads does not wait for a writer that waits for another`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A"), to: "a.yaml")
            let repository = DirectoryRepository(path: directory.path, patience: .seconds(60))
            let other = try ForeignLock(directory.path)
            let writer = Task.immediate { try await repository.create(Profile(name: "B"), id: nil) }
            #expect(try await repository.all().map(\.id.description) == ["a"])
            #expect(try await repository.profile(ProfileID("a")).profile?.name == "A")
            // Had they waited, the writer would have given up before.
            other.release()
            #expect(try await writer.value.id.description == "b")
        }
    }

    @Test func `a writer that waited writes into what the path leads to by then`() async throws {
        try await withProfiles { directory in
            let (link, next) = (directory.root + "/current", directory.root + "/next")
            try FileManager.default.createDirectory(atPath: next, withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: directory.path)
            let other = try ForeignLock(directory.path)
            let repository = DirectoryRepository(path: link, patience: .seconds(60))
            let writer = Task.immediate { try await repository.create(Profile(name: "B"), id: nil) }
            // It waits with the old directory in its hands.
            _ = try await repository.all()
            try FileManager.default.createSymbolicLink(atPath: link + "~", withDestinationPath: next)
            #expect(unsafe rename(link + "~", link) == 0)
            other.release()
            #expect(try await writer.value.id.description == "b")
            #expect(try directory.names.isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: next) == ["b.yaml"])
        }
    }

    @Test func `what the active link of another file leads to is neither deleted nor renamed`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A"), to: "a.yaml")
            try directory.link("m.yaml", to: "./a.yaml")
            try directory.link("l.yaml", to: "m.yaml")
            try directory.link("active", to: "l.yaml")
            let repository = DirectoryRepository(path: directory.path)
            for id in ["a", "m"] {
                let error = try await expectError(.active) {
                    try await repository.delete(ProfileID(id), expecting: nil)
                }
                #expect(error.message.contains("'l' is the active profile"))
            }
            try await expectError(.active) {
                _ = try await repository.rename(ProfileID("a"), to: ProfileID("c"), name: nil)
            }
            #expect(try directory.names == ["a.yaml", "m.yaml", "l.yaml", "active"])
        }
    }

    @Test func `what stands in the way of a new file's temporary is not taken for the file`() async throws {
        try await withProfiles { directory in
            let obstacle = "\(directory.path)/\(AtomicFile.temporaryName)"
            try FileManager.default.createDirectory(atPath: obstacle + "/full", withIntermediateDirectories: true)
            let error = try await expectError(.inputOutput) {
                _ = try await DirectoryRepository(path: directory.path).create(Profile(name: "B"), id: nil)
            }
            #expect(error.message.contains("'\(AtomicFile.temporaryName)', which an interrupted program has left"))
        }
    }

    @Test func `a writer that waits too long, or is not waited for, is told that another one writes`() async throws {
        try await withProfiles { directory in
            let other = try ForeignLock(directory.path)
            defer { other.release() }
            let hasty = DirectoryRepository(path: directory.path, patience: .milliseconds(5))
            let error = try await expectError(.busy) { _ = try await hasty.create(Profile(name: "B"), id: nil) }
            #expect(error.message.contains("pid \(getpid())) is writing in '\(directory.path)'"))

            let cancelled = Task {
                try await DirectoryRepository(path: directory.path, patience: .seconds(600)).recover()
            }
            cancelled.cancel()
            try await expectError(.busy) { try await cancelled.value }
        }
    }

    /// Adds one to a strength, a number of times, always on what it has read; a conflict means to read again.
    private func add(_ rounds: Int, to id: ProfileID, in repository: DirectoryRepository) async throws {
        var done = 0
        while done < rounds {
            done += try await addOne(to: id, in: repository) ? 1 : 0
        }
    }

    private func addOne(to id: ProfileID, in repository: DirectoryRepository) async throws -> Bool {
        let file = try await repository.profile(id)
        let value = try #require(file.profile?.steering[7])
        do {
            _ = try await repository.update(id, ProfileChanges(steering: [7: value + 1]), expecting: file.digest)
            return true
        } catch {
            guard error.code == .conflict else { throw error }
            return false
        }
    }

    @Test func `two writers that update one file never lose an acknowledged change`() async throws {
        try await withProfiles { directory in
            let id = try ProfileID("a")
            try directory.write(profileText("A", strength: 0), to: "a.yaml")
            let rounds = 20
            let first = Task { try await add(rounds, to: id, in: DirectoryRepository(path: directory.path)) }
            let second = Task { try await add(rounds, to: id, in: DirectoryRepository(path: directory.path)) }
            try await first.value
            try await second.value
            let file = try await DirectoryRepository(path: directory.path).profile(id)
            #expect(file.profile?.steering[7] == Double(2 * rounds))
            #expect(try directory.names == ["a.yaml"])
        }
    }

    @Test func `many creations of one name make one file`() async throws {
        try await withProfiles { directory in
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<12 {
                    group.addTask {
                        let repository = DirectoryRepository(path: directory.path)
                        return (try? await repository.create(Profile(name: "A"), id: nil)) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            let names = try directory.names
            #expect(outcomes == 1)
            #expect(names == ["a.yaml"])
        }
    }

    @Test func `a file that changed between reading and renaming is not overwritten`() async throws {
        try await withProfiles { directory in
            try directory.write("old", to: "a.yaml")
            let base = try directory.read("a.yaml")
            try directory.write("from the editor", to: "a.yaml")
            let found = ContentDigest(of: Array("from the editor".utf8))
            #expect(throws: WriteFailure.changed(found: found)) { try replace("a.yaml", in: directory, basedOn: base) }
            #expect(try directory.text(of: "a.yaml") == "from the editor")
            #expect(try directory.leftovers.isEmpty)
        }
    }

    @Test func `a file that is gone, or is written to just now, is not overwritten`() async throws {
        try await withProfiles { directory in
            try directory.write("old", to: "a.yaml")
            let base = try directory.read("a.yaml")
            let editor = try #require(FileHandle(forUpdatingAtPath: directory.path + "/a.yaml"))
            #expect(throws: WriteFailure.inUse) { try replace("a.yaml", in: directory, basedOn: base) }
            // What the editor writes through its descriptor ends in the file that has the name.
            try editor.write(contentsOf: Data("new".utf8))
            try editor.close()
            #expect(try directory.text(of: "a.yaml") == "new")
            try FileManager.default.removeItem(atPath: directory.path + "/a.yaml")
            #expect(throws: WriteFailure.changed(found: nil)) { try replace("a.yaml", in: directory, basedOn: base) }
            #expect(try directory.names.isEmpty)
        }
    }

    @Test(arguments: [1, 3, nil] as [Int?])
    func `a change that is based on nothing is made again on what others save meanwhile`(saves: Int?) async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A"), to: "a.yaml")
            let repository = DirectoryRepository(path: directory.path)
            let count = Mutex(0)
            func change() async throws(ProfileError) {
                _ = try await repository.rewrite([(ProfileID("a"), nil)]) { bytes, _ in
                    // Another program is faster every time, or some times.
                    let number = count.withLock { count in
                        count += 1
                        return count
                    }
                    if number <= saves ?? .max {
                        try? save("# \(number)\n" + profileText("A"), to: "a.yaml", in: directory)
                    }
                    return bytes + Array("# mine\n".utf8)
                }
            }
            if let saves {
                try await change()
                #expect(try directory.text(of: "a.yaml") == "# \(saves)\n" + profileText("A") + "# mine\n")
            } else {
                let error = try await expectError(.conflict) { try await change() }
                #expect(error.message.hasSuffix("It was tried again and again; each time another program was faster."))
                #expect(count.withLock { $0 } > 3)
            }
            #expect(try directory.leftovers.isEmpty)
        }
    }

    @Test func `a change that is based on something is tried once`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A"), to: "a.yaml")
            let repository = DirectoryRepository(path: directory.path)
            let digest = try await repository.profile(ProfileID("a")).digest
            let count = Mutex(0)
            try await expectError(.conflict) {
                _ = try await repository.rewrite([(ProfileID("a"), digest)]) { bytes, _ in
                    count.withLock { $0 += 1 }
                    try? save("# theirs\n" + profileText("A"), to: "a.yaml", in: directory)
                    return bytes + Array("# mine\n".utf8)
                }
            }
            #expect(count.withLock { $0 } == 1)
            #expect(try directory.text(of: "a.yaml") == "# theirs\n" + profileText("A"))
        }
    }

    @Test func `a file is written over, with its mode and attributes`() async throws {
        try await withProfiles { directory in
            try directory.write("old", to: "a.yaml")
            #expect(unsafe chmod(directory.path + "/a.yaml", 0o640) == 0)
            let canHaveAttributes = try setAttribute(of: "a.yaml", in: directory)
            try replace("a.yaml", in: directory, basedOn: directory.read("a.yaml"))
            #expect(try directory.text(of: "a.yaml") == "mine")
            #expect(try directory.status(of: "a.yaml").permissions == 0o640)
            #expect(try hasAttribute("a.yaml", in: directory) == canHaveAttributes)
            #expect(try directory.leftovers.isEmpty)
        }
    }

    @Test func `an access list that the directory gives to new files lets nobody in`() async throws {
        try await withProfiles { directory in
            try directory.write("old", to: "a.yaml")
            #expect(unsafe chmod(directory.path + "/a.yaml", 0o640) == 0)
            // Version 2, then tag, rights and user of u::rw-, u:1234:rw-, g::---, m::rw-, o::---
            let list: [UInt8] = [
                2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 6, 0, 210, 4, 0, 0, 4, 0, 0, 0, 255, 255, 255, 255,
                16, 0, 6, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255,
            ]
            let folder = try #require(FileHandle(forReadingAtPath: directory.path))
            let isSet = unsafe millm_fsetxattr(
                folder.fileDescriptor,
                "system.posix_acl_default",
                list,
                UInt(list.count)
            )
            // Not every file system has such lists.
            try #require(isSet == 0 || errno == ENOTSUP)
            try replace("a.yaml", in: directory, basedOn: directory.read("a.yaml"))
            #expect(try directory.text(of: "a.yaml") == "mine")
            #expect(try directory.status(of: "a.yaml").permissions == 0o640)
            let file = try #require(FileHandle(forReadingAtPath: directory.path + "/a.yaml"))
            #expect(unsafe millm_fgetxattr(file.fileDescriptor, "system.posix_acl_access", nil, 0) < 0)
        }
    }

    @Test func `a link that is another by now is not removed`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A"), to: "a.yaml")
            for trace in ["b.yaml", ContentDigest(of: "b".utf8).description] {
                try directory.setActive("a.yaml")
                #expect(throws: SystemError("rename", ESTALE)) { try directory.removeActive(trace) }
                #expect(try directory.target(of: "active") == "a.yaml")
                #expect(try directory.leftovers.isEmpty)
            }
            #expect(try directory.removeActive("a.yaml"))
            #expect(try !directory.removeActive("a.yaml"))
            #expect(try directory.names == ["a.yaml"])
        }
    }

    @Test func `an empty folder in a temporary's place stands in nobody's way`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A"), to: "a.yaml")
            for name in ["active", "write"] {
                let path = directory.path + "/.millm-" + name
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            }
            let repository = DirectoryRepository(path: directory.path)
            try await repository.setActive(ProfileID("a"))
            _ = try await repository.rename(ProfileID("a"), to: ProfileID("b"), name: "B")
            #expect(try directory.names == ["b.yaml", "active"])
            #expect(try directory.target(of: "active") == "b.yaml")
        }
    }

    private func setAttribute(of name: String, in directory: TestDirectory) throws -> Bool {
        let file = try #require(FileHandle(forReadingAtPath: directory.path + "/" + name))
        return unsafe millm_fsetxattr(file.fileDescriptor, "user.origin", "web", 3) == 0
    }

    private func hasAttribute(_ name: String, in directory: TestDirectory) throws -> Bool {
        let file = try #require(FileHandle(forReadingAtPath: directory.path + "/" + name))
        return unsafe millm_fgetxattr(file.fileDescriptor, "user.origin", nil, 0) == 3
    }

    /// Editors save without asking, by renaming and in place, while this program updates: whoever was told that it
    /// has written finds its bytes in the file, or in what its successor was based on.
    @Test func `saves that come at any moment are never lost without being noticed`() async throws {
        try await withProfiles { directory in
            try directory.write("0", to: "a.yaml")
            let rounds = 400
            let editor = Task.detached {
                for round in 1...rounds { try save("editor \(round)", to: "a.yaml", in: directory) }
            }
            let writer = Task.detached { try addNotes(rounds, to: "a.yaml", in: directory) }
            try await editor.value
            let written = try await writer.value
            let text = try directory.text(of: "a.yaml")
            // The editor has saved last, or this program on top of it.
            #expect(text.hasPrefix("editor \(rounds)"))
            #expect(written.contains(text) || text == "editor \(rounds)")
            #expect(try directory.leftovers.isEmpty)
        }
    }

    private func save(_ text: String, to name: String, in directory: TestDirectory) throws {
        try directory.write(text, to: ".editor")
        guard unsafe rename(directory.path + "/.editor", directory.path + "/" + name) == 0 else {
            throw SystemError("rename")
        }
    }

    /// - Returns: What was written.
    private func addNotes(_ rounds: Int, to name: String, in directory: TestDirectory) throws -> Set<String> {
        var written: Set<String> = []
        for _ in 0..<rounds {
            let base = try directory.read(name)
            let text = String(decoding: base.bytes, as: UTF8.self) + "+"
            let file = AtomicFile(Array(text.utf8), durability: .volatile)
            do throws(WriteFailure) {
                try replace(name, in: directory, with: file, basedOn: base)
                written.insert(text)
            } catch {
                guard case .changed = error else { throw error }
            }
        }
        return written
    }

    private func replace(
        _ name: String,
        in directory: TestDirectory,
        with file: AtomicFile = AtomicFile(Array("mine".utf8)),
        basedOn base: StableRead
    ) throws(WriteFailure) {
        let handle: DirectoryHandle
        do {
            handle = try DirectoryHandle(directory.path)
        } catch {
            throw .system(error)
        }
        try file.replace(name, in: handle, basedOn: base) { _ in }
    }

    @Test func `creating does not overwrite what came in between`() async throws {
        try await withProfiles { directory in
            try directory.write("there", to: "a.yaml")
            #expect(throws: WriteFailure.system(SystemError("rename", EEXIST))) { try create("a.yaml", in: directory) }
            #expect(try directory.text(of: "a.yaml") == "there")
            #expect(try directory.leftovers.isEmpty)
        }
    }

    private func create(_ name: String, in directory: TestDirectory) throws {
        try AtomicFile([]).create(name, in: DirectoryHandle(directory.path))
    }

    @Test(.enabled(if: getuid() == 0, "only root may give files away"))
    func `a file keeps its owner`() async throws {
        try await withProfiles { directory in
            try directory.write(profileText("A"), to: "a.yaml")
            #expect(unsafe chown(directory.path + "/a.yaml", 1234, 2345) == 0)
            let repository = DirectoryRepository(path: directory.path)
            _ = try await repository.update(ProfileID("a"), ProfileChanges(steering: [1: 1]), expecting: nil)
            let status = try directory.status(of: "a.yaml")
            #expect((status.owner, status.group) == (1234, 2345))
        }
    }

    @Test func `a directory that cannot be written is told of with what to do`() async throws {
        let repository = DirectoryRepository(path: "/sys")
        let error = try await expectError(.inputOutput) { _ = try await repository.create(Profile(name: "A"), id: nil) }
        #expect(error.message.hasPrefix("'/sys/a.yaml' cannot be written: permission denied. Check the owner"))
    }

    @Test func `an error reads as what failed, why, and what to do`() {
        let error = ProfileError("'a.yaml' cannot be written", SystemError("write", ENOSPC))
        #expect(
            error.message
                == "'a.yaml' cannot be written: no space is left on the device. "
                + "Free some space and try again; nothing was changed."
        )
    }

    @Test(arguments: [
        EACCES, EPERM, EROFS, ENOSPC, EDQUOT, EBUSY, EMFILE, ENFILE, EIO, ENOENT, ENOTDIR, EISDIR, ELOOP, ENAMETOOLONG,
        ESTALE, ENOLCK, ENOTSUP, ETIMEDOUT,
    ])
    func `what the system refuses becomes a sentence with what to do`(code: Int32) {
        let error = SystemError("call", code)
        #expect(error.remedy != nil)
        #expect(!error.sentence.contains("call"))
        #expect(ProfileError("It failed", error).message.hasSuffix("."))
    }

    @Test func `an error without a sentence of its own has the system's`() {
        #expect(SystemError("ioctl", ENOTTY).sentence == "ioctl: Inappropriate ioctl for device")
    }
}
