import FileWatching
import Foundation
import MillmTesting
import ProfileDirectory
import Profiles
import Reconciliation
import Steering
import Testing

/// A save by system calls; the last one is told apart, for the time is taken right behind it.
struct RawSave: Sendable, CustomTestStringConvertible {
    var name: String
    /// All but the last system call, then the last one; given the profile directory and the bytes.
    var save: @Sendable (_ directory: String, _ bytes: [UInt8]) throws -> Void

    var testDescription: String { name }

    static let all: [RawSave] = [
        RawSave(name: "6 rename") { directory, bytes in
            try RawFile.write(bytes, toNew: directory + "/.new")
            try RawFile.rename(directory + "/.new", directory + "/p.yaml")
        },
        RawSave(name: "4 O_TRUNC and write") { directory, bytes in
            try RawFile.write(bytes, toNew: directory + "/p.yaml")
        },
        RawSave(name: "4 O_TRUNC and 1 000 writes") { directory, bytes in
            let file = try RawFile.open(directory + "/p.yaml", O_WRONLY | O_TRUNC)
            let step = bytes.count / 1000 + 1
            for start in stride(from: 0, to: bytes.count, by: step) {
                try RawFile.write(bytes[start..<min(start + step, bytes.count)], to: file)
            }
        },
        RawSave(name: "4 overwritten in place, then cut") { directory, bytes in
            let file = try RawFile.open(directory + "/p.yaml", O_WRONLY)
            try RawFile.write(bytes[..<(bytes.count / 2)], to: file)
            try RawFile.write(bytes[(bytes.count / 2)...], to: file)
            try RawFile.check(ftruncate(file.number, off_t(bytes.count)), "ftruncate")
        },
        RawSave(name: "5 JetBrains") { directory, bytes in
            try RawFile.write(bytes, toNew: directory + "/___jb_tmp___", durably: true)
            try RawFile.rename(directory + "/p.yaml", directory + "/___jb_old___")
            try RawFile.rename(directory + "/___jb_tmp___", directory + "/p.yaml")
            try RawFile.unlink(directory + "/___jb_old___")
        },
        RawSave(name: "9 unlink and link") { directory, bytes in
            try RawFile.write(bytes, toNew: directory + "/.new")
            try RawFile.unlink(directory + "/p.yaml")
            try RawFile.link(directory + "/.new", directory + "/p.yaml")
            try RawFile.unlink(directory + "/.new")
        },
        RawSave(name: "10 O_TMPFILE and linkat") { directory, bytes in
            try RawFile.unlink(directory + "/p.yaml")
            try RawFile.linkAnonymous(bytes, in: directory, as: directory + "/p.yaml")
        },
        RawSave(name: "11 RENAME_EXCHANGE") { directory, bytes in
            try RawFile.write(bytes, toNew: directory + "/other.yaml")
            try RawFile.exchange(directory + "/other.yaml", directory + "/p.yaml")
        },
        RawSave(name: "12 shared mapping") { directory, bytes in
            try RawFile.writeMapped(bytes, to: directory + "/p.yaml")
        },
        RawSave(name: "12 shared mapping, a pause half way") { directory, bytes in
            try RawFile.writeMapped(bytes, to: directory + "/p.yaml") { usleep(80_000) }
        },
    ]
}

/// The same as ``SaveMatrixTests`` by system calls that no common tool makes, and the ways of whole directories.
@Suite(.serialized) struct RawSaveMatrixTests {
    @Test(arguments: RawSave.all)
    func `what is saved by raw calls is applied, whole, and nothing else`(raw: RawSave) async throws {
        let first = Version(1)
        try await FiringRange.open { root in
            try Data(first.bytes).write(to: URL(filePath: root + "/profiles/p.yaml"))
            try await shell("ln -s p.yaml active", in: root + "/profiles")
        } _: { range in
            try await range.applied(first.digest)
            var wanted = [first.digest]
            var latencies = Latencies()
            for strength in 2..<(2 + Scale.count(10, full: 300)) {
                let version = Version(strength, lines: 10 * (strength % 30))
                let directory = range.profiles
                let end = try await onThread {
                    try raw.save(directory, version.bytes)
                    return ContinuousClock.now
                }
                try await range.applied(version.digest)
                let apply = try #require(range.core.applies.last)
                latencies.add(end.duration(to: apply.time))
                wanted.append(version.digest)
            }
            #expect(range.core.digests == wanted)
            #expect(try range.rejections == [])
            Scale.report("raw \(raw.name): last call returned → applied \(latencies)")
        }
    }

    @Test func `a write through a hard link from outside is found by the safety poll`() async throws {
        let first = Version(1)
        let poll = Duration.milliseconds(500)
        try await FiringRange.open(poll: poll) { root in
            try Data(first.bytes).write(to: URL(filePath: root + "/outside/p.yaml"))
            try await shell("ln ../outside/p.yaml p.yaml; ln -s p.yaml active", in: root + "/profiles")
        } _: { range in
            try await range.applied(first.digest)
            var latencies = Latencies()
            for strength in 2..<5 {
                let version = Version(strength)
                try RawFile.write(version.bytes, toNew: range.outside + "/p.yaml")
                let end = ContinuousClock.now
                try await range.applied(version.digest)
                let apply = try #require(range.core.applies.last)
                latencies.add(end.duration(to: apply.time))
                // The poll, and what a busy machine may add.
                #expect(end.duration(to: apply.time) < poll + .seconds(5))
            }
            // Of the same size, and with the old time, as `cp -p` and `rsync --times` leave it: the ctime is another.
            for strength in 5..<8 {
                let version = Version(strength)
                try Data(version.bytes).write(to: URL(filePath: range.outside + "/next"))
                try await shell("cat next > p.yaml; touch -d @1000000000 p.yaml", in: range.outside)
                try await range.applied(version.digest)
            }
            // Through a mapping that stays: its second half brings neither an event nor another time.
            let outside = range.outside
            try await onThread {
                try RawFile.writeMapped(Version(8).bytes, to: outside + "/p.yaml") { usleep(1_200_000) }
            }
            try await range.applied(Version(8).digest)
            #expect(range.core.digests == (1..<9).map { Version($0).digest })
            Scale.report("14 outside hard link, poll \(poll): last call returned → applied \(latencies)")
        }
    }

    @Test func `touch, chmod and the same bytes again apply nothing`() async throws {
        let first = Version(1)
        try await FiringRange.open { root in
            try Data(first.bytes).write(to: URL(filePath: root + "/profiles/p.yaml"))
            try await shell("ln -s p.yaml active", in: root + "/profiles")
        } _: { range in
            try await range.applied(first.digest)
            try await shell(
                "touch p.yaml; chmod 600 p.yaml; cp p.yaml q; mv q p.yaml; cat p.yaml > .q; cat .q > p.yaml; touch .",
                in: range.profiles
            )
            let second = Version(2)
            try range.write(second)
            try await range.applied(second.digest)
            #expect(range.core.digests == [first.digest, second.digest])
        }
    }

    @Test func `a ConfigMap's swap, as the kubelet makes it, mixes no two revisions`() async throws {
        try await FiringRange.open { root in
            try await Self.publish(Version(1), named: "a", in: root + "/profiles")
            // The kubelet makes the visible links when the first revision is in place.
            try await shell(
                "for f in ..data/*; do ln -s ..data/$(basename $f) $(basename $f); done",
                in: root + "/profiles"
            )
        } _: { range in
            try await range.applied(Version(1).digest)
            let observer = try EventObserver([range.profiles])
            defer { observer.stop() }
            var latencies = Latencies()
            var wanted = [Version(1).digest]
            for strength in 2..<(2 + Scale.count(8, full: 200)) {
                // The file `active` names another profile each time; both exist in each revision, with other bytes.
                let version = Version(strength)
                try await Self.publish(version, named: strength % 2 == 0 ? "b" : "a", in: range.profiles)
                try await range.applied(version.digest)
                let time = try #require(range.core.applies.last?.time)
                if let event = observer.last(of: ["..data"], until: time) { latencies.add(event.duration(to: time)) }
                wanted.append(version.digest)
            }
            #expect(range.core.digests == wanted)
            #expect(try range.rejections == [])
            Scale.report("15 ConfigMap: rename of ..data → applied \(latencies)")
        }
    }

    /// The kubelet's sequence: a new folder with all files, then the link `..data` renamed over the old one.
    private static func publish(_ version: Version, named active: String, in directory: String) async throws {
        let decoy = Version(Int.random(in: 1000...9999))
        try Data(version.bytes).write(to: URL(filePath: directory + "/.next"))
        try Data(decoy.bytes).write(to: URL(filePath: directory + "/.decoy"))
        try await shell(
            """
            old=$(readlink ..data || true)
            new=$(mktemp -d ..2026_01_30_XXXXXX); chmod 755 $new
            mv .next $new/\(active).yaml; mv .decoy $new/\(active == "a" ? "b" : "a").yaml
            printf \(active) > $new/active; chmod 644 $new/*
            ln -s $new ..data_tmp; mv -T ..data_tmp ..data
            if [ -n "$old" ]; then rm -r $old; fi
            """,
            in: directory
        )
    }

    @Test func `git-sync's swap of the directory mixes no two revisions`() async throws {
        try await FiringRange.open(following: "sync/current/profiles") { root in
            try await shell("mkdir sync", in: root)
            try await Self.synchronise(Version(1), in: root)
        } _: { range in
            try await range.applied(Version(1).digest)
            let observer = try EventObserver([range.root + "/sync"])
            defer { observer.stop() }
            var latencies = Latencies()
            var wanted = [Version(1).digest]
            for strength in 2..<(2 + Scale.count(8, full: 200)) {
                let version = Version(strength)
                try await Self.synchronise(version, in: range.root)
                try await range.applied(version.digest)
                let time = try #require(range.core.applies.last?.time)
                if let event = observer.last(of: ["current"], until: time) { latencies.add(event.duration(to: time)) }
                wanted.append(version.digest)
            }
            #expect(range.core.digests == wanted)
            #expect(try range.rejections == [])
            Scale.report("16 git-sync: rename of the link → applied \(latencies)")
        }
    }

    /// git-sync's sequence: a work tree for the revision, a link to it renamed over the old one, the old tree removed.
    private static func synchronise(_ version: Version, in root: String) async throws {
        try Data(version.bytes).write(to: URL(filePath: root + "/outside/next.yaml"))
        try await shell(
            """
            git() { command git -c user.name=a -c user.email=a@example.org -c init.defaultBranch=main "$@"; }
            if [ ! -d sync/root ]; then
                git init -q sync/root; mkdir sync/root/profiles; ln -s p.yaml sync/root/profiles/active
            fi
            cp outside/next.yaml sync/root/profiles/p.yaml
            git -C sync/root add . ; git -C sync/root commit -qm next
            hash=$(git -C sync/root rev-parse HEAD); old=$(readlink sync/current || true)
            git -C sync/root worktree add -q --detach ../worktrees/$hash $hash
            ln -snf worktrees/$hash sync/tmp-link; mv -T sync/tmp-link sync/current
            if [ -n "$old" ]; then git -C sync/root worktree remove --force ../$old; git -C sync/root worktree prune; fi
            """,
            in: root
        )
    }

    @Test func `a directory that is moved, deleted and made again keeps the last good steering`() async throws {
        try await FiringRange.open { root in
            try Data(Version(1).bytes).write(to: URL(filePath: root + "/profiles/p.yaml"))
            try await shell("ln -s p.yaml active", in: root + "/profiles")
        } _: { range in
            try await range.applied(Version(1).digest)
            for round in 2..<(2 + Scale.count(3, full: 50)) {
                try await shell(round % 2 == 0 ? "mv profiles old; rm -r old" : "rm -r profiles", in: range.root)
                try await range.status { $0.state == .degraded && $0.reason?.code == DiagnosticCode.directoryGone.code }
                #expect(range.core.digests.last == Version(round - 1).digest)
                #expect(range.core.plan.strengths == [3: Double(round - 1)])
                // The link may come first, or a while after the profile.
                let link = "ln -s p.yaml profiles/active"
                try await shell("mkdir profiles" + (round % 2 == 0 ? "; \(link)" : ""), in: range.root)
                try range.write(Version(round))
                if round % 2 == 1 { try await shell("sleep 0.2; \(link)", in: range.root) }
                try await range.applied(Version(round).digest)
            }
            #expect(range.core.applies.allSatisfy { $0.origin != nil }, "the steering was taken away")
        }
    }

    @Test func `a directory that is filled anew keeps the steering until its link comes, or nothing more`() async throws
    {
        try await FiringRange.open { root in
            try Data(Version(1).bytes).write(to: URL(filePath: root + "/profiles/p.yaml"))
            try await shell("ln -s p.yaml active", in: root + "/profiles")
        } _: { range in
            try await range.applied(Version(1).digest)
            // As rsync does over a slow line.
            let fill = "for n in 1 2 3 4 5 6; do sleep 0.6; echo 'steering: {}' > profiles/$n.yaml; done"
            try await shell("rm -r profiles; mkdir profiles; \(fill)", in: range.root)
            try range.write(Version(2))
            try await shell("ln -s p.yaml profiles/active", in: range.root)
            try await range.applied(Version(2).digest)
            #expect(range.core.applies.map(\.origin?.digest) == [Version(1).digest, Version(2).digest])

            try await shell("rm -r profiles; mkdir profiles; echo 'steering: {}' > profiles/1.yaml", in: range.root)
            try await range.status { $0.state == .inactive }
            #expect(range.core.plan == .unsteered)
        }
    }

    @Test func `a link that a tool has made a file of is a fault that changes nothing`() async throws {
        try await FiringRange.open { root in
            try Data(Version(1).bytes).write(to: URL(filePath: root + "/profiles/p.yaml"))
            try await shell("ln -s p.yaml active", in: root + "/profiles")
        } _: { range in
            try await range.applied(Version(1).digest)
            for command in [
                "sed -i 's/^  3: .*/  3: 7/' active", "cp p.yaml b; mv b active",
                "rm active; mkfifo active", "rm active; mkdir active", "rm active; ln -s /etc/hostname active",
                "ln -sfn ../outside/x.yaml active", "ln -sfn active active", "ln -sfn nobody.yaml active",
            ] {
                try await shell(command, in: range.profiles)
                try await range.status { $0.state == .degraded }
                #expect(range.core.digests == [Version(1).digest], "\(command)")
                try await shell("rm -r active; ln -s p.yaml active", in: range.profiles)
                try await range.status { $0.state == .ok }
            }
            #expect(range.core.applies.count == 1)
        }
    }
}
