import Foundation
import Glibc
import Profiles
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
            let status = try directory.status(of: "a.yaml")
            try directory.write("from the editor", to: "a.yaml")
            #expect(throws: SystemError("rename", ESTALE)) { try replace("a.yaml", in: directory, expecting: status) }
            #expect(try directory.text(of: "a.yaml") == "from the editor")
            #expect(try directory.leftovers.isEmpty)
        }
    }

    private func replace(_ name: String, in directory: TestDirectory, expecting status: FileStatus) throws {
        try AtomicFile(Array("mine".utf8)).replace(name, in: DirectoryHandle(directory.path), expecting: status)
    }

    @Test func `creating does not overwrite what came in between`() async throws {
        try await withProfiles { directory in
            try directory.write("there", to: "a.yaml")
            #expect(throws: SystemError("rename", EEXIST)) { try create("a.yaml", in: directory) }
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
