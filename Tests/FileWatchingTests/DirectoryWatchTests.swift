import Foundation
import Glibc
import MillmTesting
import Synchronization
import Testing

@testable import FileWatching

@Suite struct DirectoryWatchTests {
    /// Long enough that no test is saved by the safety poll.
    private static let never = Duration.seconds(3600)

    private func watch(_ path: String, poll: Duration = never) async throws -> Observer {
        let observer = Observer(try DirectoryWatch(path, pollInterval: poll))
        try await observer.hints(until: .rescan)
        #expect(observer.watch.mode == .inotify)
        return observer
    }

    @Test(arguments: [
        // FACTS §2, by number.
        "printf x > q; mv q p.yaml",  // 6
        "sed -i s/a/b/ p.yaml",  // 6
        "perl -pi -e s/a/b/ p.yaml",  // 6
        "echo x > p.yaml",  // 4
        "echo x | tee p.yaml",  // 4
        "cp ../outside p.yaml",  // 4
        "cp --remove-destination ../outside p.yaml",  // 7
        "install ../outside p.yaml",  // 7
        "mv p.yaml ___jb_old___; printf x > ___jb_tmp___; mv ___jb_tmp___ p.yaml",  // 5
        "rm p.yaml; ln ../outside p.yaml",  // 9
        "ln -sfn ../outside p.yaml",  // 9
        "touch p.yaml",  // 13
        "chmod 600 p.yaml",  // 13
        "rm p.yaml",
        "vim -u NONE -N -es -c '%s/a/b/' -c wq p.yaml",  // 1
        "vim -u NONE -N -es -c 'set backupcopy=yes' -c '%s/a/b/' -c wq p.yaml",  // 2
    ])
    func `a save by any tool gives a hint with the file's name`(command: String) async throws {
        try await withTemporaryDirectory { root in
            try shell("mkdir d; echo abc > d/p.yaml; echo abc > outside", in: root)
            let observer = try await watch(root + "/d")
            try shell(command, in: root + "/d")
            try await observer.hints(until: .name("p.yaml"))
        }
    }

    @Test func `a hint tells whether who wrote the file has closed it`() async throws {
        try await withTemporaryDirectory { root in
            let observer = try await watch(root)
            let writer = Descriptor(owning: unsafe open(root + "/p.yaml", O_WRONLY | O_CREAT, 0o600))
            #expect(try await observer.hints(until: .name("p.yaml")) == [.created("p.yaml")])
            #expect(unsafe write(writer.number, "x", 1) == 1)
            try shell("echo x > q; mv q q.yaml", in: root)
            #expect(try await observer.hints(until: .name("q.yaml")).last == .closed("q.yaml"))
            _ = consume writer
            #expect(try await observer.hints(until: { $0 == .closed("p.yaml") }).last == .closed("p.yaml"))
            // What comes behind it writes nothing.
            try shell("echo x > p.yaml; chmod 600 p.yaml", in: root)
            #expect(try await observer.hints(until: { $0 == .closed("p.yaml") }).last == .closed("p.yaml"))
            try shell("rm p.yaml", in: root)
            #expect(try await observer.hints(until: .name("p.yaml")).last == .name("p.yaml"))
        }
    }

    @Test func `a checkout gives hints with the names of the files that it changes`() async throws {
        try await withTemporaryDirectory { root in
            let git = "git -c user.name=a -c user.email=a@b.c -c init.defaultBranch=main"
            try shell("\(git) init -q; echo 1 > p.yaml; ln -s p.yaml active; git add .; \(git) commit -qm 1", in: root)
            try shell("git checkout -qb other; echo 2 > p.yaml; ln -sfn q.yaml active; \(git) commit -qam 2", in: root)
            let observer = try await watch(root)
            try shell("git checkout -q main", in: root)
            var missing: Set = ["p.yaml", "active"]
            try await observer.hints(until: {
                if let name = $0.name { missing.remove(name) }
                return missing.isEmpty
            })
        }
    }

    @Test func `a ConfigMap's swap gives a hint, though no event has a profile's name`() async throws {
        try await withTemporaryDirectory { root in
            try shell("mkdir ..1 ..2; ln -s ..1 ..data; ln -s ..data/p.yaml p.yaml", in: root)
            let observer = try await watch(root)
            try shell("ln -s ..2 ..data_tmp && mv -T ..data_tmp ..data", in: root)
            try await observer.hints(until: .name("..data"))
        }
    }

    @Test func `a swapped link on the path arms the new directory and then asks for a rescan`() async throws {
        try await withTemporaryDirectory { root in
            try shell("mkdir -p rev1/profiles rev2/profiles; ln -s rev1 current", in: root)
            let observer = try await watch(root + "/current/profiles")
            try shell("ln -s rev2 tmp && mv -T tmp current", in: root)
            try await observer.hints(until: .rescan)
            try shell("echo x > rev2/profiles/p.yaml", in: root)
            try await observer.hints(until: .name("p.yaml"))
        }
    }

    @Test func `a directory that is removed and made again is watched again`() async throws {
        try await withTemporaryDirectory { root in
            try shell("mkdir d", in: root)
            let observer = try await watch(root + "/d")
            try shell("rmdir d", in: root)
            try await observer.hints(until: .gone)
            try shell("mkdir d", in: root)
            try await observer.hints(until: .rescan)
            try shell("echo x > d/p.yaml", in: root)
            try await observer.hints(until: .name("p.yaml"))
        }
    }

    @Test func `a directory that is moved away and replaced is watched by its path, not by its inode`() async throws {
        try await withTemporaryDirectory { root in
            try shell("mkdir d e", in: root)
            let observer = try await watch(root + "/d")
            try shell("mv d old", in: root)
            try await observer.hints(until: .gone)
            try shell("mv e d", in: root)
            try await observer.hints(until: .rescan)
            try shell("echo x > old/stale.yaml; echo x > d/p.yaml", in: root)
            let hints = try await observer.hints(until: .name("p.yaml"))
            #expect(!hints.contains { $0.name == "stale.yaml" })
        }
    }

    @Test func `a directory whose parents are missing appears`() async throws {
        try await withTemporaryDirectory { root in
            let observer = Observer(try DirectoryWatch(root + "/a/b/c", pollInterval: Self.never))
            try await observer.hints(until: .gone)
            try shell("mkdir -p a/b/c", in: root)
            try await observer.hints(until: .rescan)
            try shell("echo x > a/b/c/p.yaml", in: root)
            try await observer.hints(until: .name("p.yaml"))
        }
    }

    @Test func `an ancestor that is renamed is noticed by the safety poll`() async throws {
        try await withTemporaryDirectory { root in
            try shell("mkdir -p a/b/c", in: root)
            let observer = try await watch(root + "/a/b/c", poll: .milliseconds(20))
            try shell("mv a z", in: root)
            try await observer.hints(until: .gone)
            try shell("mv z a", in: root)
            try await observer.hints(until: .rescan)
        }
    }

    @Test func `the safety poll comes at its interval and says nothing else`() async throws {
        try await withTemporaryDirectory { root in
            let observer = try await watch(root, poll: .milliseconds(5))
            for _ in 0..<3 { #expect(try await observer.hints(until: { _ in true }) == [.poll]) }
        }
    }

    @Test func `an unread watch keeps at most one rescan for any number of changes`() async throws {
        try await withTemporaryDirectory { root in
            try shell("mkdir d", in: root)
            let observer = Observer(try DirectoryWatch(root + "/d", pollInterval: Self.never, limit: 16))
            try await observer.hints(until: .rescan)
            try shell("for i in $(seq 500); do : > d/$i; done; rmdir d 2>/dev/null; : > d/last", in: root)
            let hints = try await observer.hints(until: { $0.name == "last" || $0 == .rescan })
            #expect(hints.count <= 501)
        }
    }

    @Test(arguments: [EMFILE, ENOSYS, ENOSPC])
    func `without inotify it polls, says so, and returns when it can`(code: Int32) async throws {
        try await withTemporaryDirectory { root in
            let isAllowed = Mutex(false)
            let watch = try DirectoryWatch(root, pollInterval: .milliseconds(5), limit: 16) { () throws(SystemError) in
                guard isAllowed.withLock({ $0 }) else { throw SystemError("inotify_init1", code) }
                return try Inotify()
            }
            let observer = Observer(watch)
            try await observer.hints(until: .rescan)
            try await observer.hints(until: .poll)
            #expect(watch.mode == .polling)
            isAllowed.withLock { $0 = true }
            try await observer.hints(until: .rescan)
            #expect(watch.mode == .inotify)
            try shell("echo x > p.yaml", in: root)
            try await observer.hints(until: .name("p.yaml"))
        }
    }

    @Test func `stopping ends the sequence, also for one who waits`() async throws {
        try await withTemporaryDirectory { root in
            let observer = try await watch(root)
            let watch = observer.watch
            let reader = Task { for await _ in watch {} }
            watch.stop()
            await reader.value
        }
    }
}
