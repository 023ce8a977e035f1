import Foundation
import MillmTesting
import Profiles
import Testing

/// What the operating system can answer to a system call instead of doing it.
struct Fault: Sendable, CustomTestStringConvertible {
    /// strace's name of a call. Of several, the n-th of each would fail, also those that take back what was done.
    var call: String
    var error: String
    /// What the message must say, in any case of letters.
    var words: [String]

    var testDescription: String { "\(call) \(error)" }

    /// Those of this run.
    static var some: [Fault] { Scale.isFull ? all : [all[0], all[2], all[5], all[10]] }

    static let all: [Fault] = [
        Fault(call: "fsync", error: "EIO", words: ["device reported an error", "check the disk"]),
        Fault(call: "fsync", error: "ENOSPC", words: ["no space is left"]),
        Fault(call: "write", error: "ENOSPC", words: ["no space is left", "free some space"]),
        Fault(call: "write", error: "EDQUOT", words: ["quota", "free some space"]),
        Fault(call: "write", error: "EIO", words: ["device reported an error", "check the disk"]),
        Fault(call: "openat", error: "EMFILE", words: ["too many files open", "ulimit -n"]),
        Fault(call: "openat", error: "ENFILE", words: ["too many files open", "fs.file-max"]),
        Fault(call: "openat", error: "EACCES", words: ["permission denied", "check the owner"]),
        Fault(call: "openat", error: "EROFS", words: ["read-only", "mount it writable"]),
        Fault(call: "renameat", error: "EBUSY", words: ["mount point", "mount the directory"]),
        Fault(call: "renameat", error: "EROFS", words: ["read-only", "mount it writable"]),
        Fault(call: "renameat", error: "EIO", words: ["device reported an error", "check the disk"]),
        Fault(call: "renameat2", error: "EBUSY", words: ["mount point", "mount the directory"]),
        Fault(call: "renameat2", error: "EIO", words: ["device reported an error", "check the disk"]),
        Fault(call: "linkat", error: "EIO", words: ["device reported an error", "check the disk"]),
        Fault(call: "symlinkat", error: "EROFS", words: ["read-only", "mount it writable"]),
        Fault(call: "unlinkat", error: "EROFS", words: ["read-only", "mount it writable"]),
        Fault(call: "flock", error: "ENOLCK", words: []),
        Fault(call: "fchmod", error: "EPERM", words: ["permission denied", "check the owner"]),
        Fault(call: "getdents64", error: "EIO", words: ["device reported an error", "check the disk"]),
    ]
}

/// Faults of the system under commands that write: each call of a kind in turn is answered with an error.
@Suite(.serialized) struct CommandFaultTests {
    @Test(arguments: Fault.some)
    func `a fault leaves the old directory or the new one, and says what to do`(fault: Fault) async throws {
        var tally = (faults: 0, failed: 0, old: 0, new: 0)
        for command in WritingCommand.faulted {
            try await withTemporaryDirectory { root in
                try await shell("mkdir template outside", in: root)
                try await shell(WritingCommand.directory, in: root + "/template")
                try await shell(command.preparation, in: root + "/template", environment: ["MILLM": Products.millm])
                let bench = FaultBench(root: root, command: command)
                let (old, new) = try await bench.trees()
                for n in 1...200 {
                    guard let outcome = try await bench.run(with: fault, at: n) else { break }
                    tally.faults += 1
                    let left = try Tree(bench.profiles)
                    if left == old { tally.old += 1 }
                    if left == new { tally.new += 1 }
                    #expect(left == old || left == new, "\(command.testDescription) \(n):\n\(left)\n\(outcome.output)")
                    #expect(outcome.status != 0 || left == new, "\(command.testDescription) \(n): \(outcome.output)")
                    if outcome.status != 0 {
                        tally.failed += 1
                        let output = outcome.output.lowercased()
                        for word in fault.words {
                            #expect(output.contains(word), "\(command.testDescription) \(n): \(outcome.output)")
                        }
                        #expect(left.temporaries.isEmpty, "\(command.testDescription) \(n): \(left.temporaries)")
                    }
                    let again = try await bench.again()
                    #expect(again.status == 0 || left == new, "\(command.testDescription) \(n): \(again.output)")
                    #expect(try Tree(bench.profiles) == new, "\(command.testDescription) \(n)")
                }
            }
        }
        #expect(tally.faults > 0)
        Scale.report(
            "\(fault.testDescription): \(tally.faults) faults, \(tally.failed) refused; "
                + "\(tally.old) old, \(tally.new) new, \(tally.faults - tally.old - tally.new) neither"
        )
    }

    @Test func `a change that nobody can finish just now waits for who can`() async throws {
        try await withTemporaryDirectory { root in
            let script = """
                mkdir profiles; for name in a b c; do printf 'name: %s\nsteering: {}\n' $name > profiles/$name.yaml; done
                strace -f -qq -o trace -e inject=renameat2:signal=SIGKILL:when=2 "$MILLM" --profiles profiles migrate && exit 9
                for error in EMFILE EIO EACCES; do
                    strace -f -qq -o trace -P .millm-change-plan -e inject=openat:error=$error \\
                        "$MILLM" --profiles profiles --quiet list > /dev/null
                    grep -q $error trace || exit 8
                    test -e profiles/.millm-change-plan || exit 7
                done
                "$MILLM" --profiles profiles --quiet list > /dev/null
                test $(grep -l '^version: 1' profiles/*.yaml | wc -l) = 3 || exit 6
                ls -a profiles | grep millm- && exit 5
                true
                """
            try await shell(script, in: root, environment: ["MILLM": Products.millm])
        }
    }

    @Test(
        .enabled(if: geteuid() == 0, "needs to mount"),
        arguments: [
            (
                "mount -t tmpfs -o size=16k tmpfs ../profiles; cp -a ../template/. ../profiles",
                "head -c 1M /dev/zero > filler 2>/dev/null || true", ["no space is left", "free some space"]
            ),
            ("mount --bind . .; mount -o remount,ro,bind .", "true", ["read-only", "mount it writable"]),
            ("mount --bind night.yaml night.yaml", "true", ["mount point", "mount the directory"]),
        ]
    )
    func `a real mount's limits are told with what to do, and nothing is lost`(
        mount: String,
        then: String,
        words: [String]
    ) async throws {
        try await withTemporaryDirectory { root in
            try await shell("mkdir template outside", in: root)
            try await shell(WritingCommand.directory, in: root + "/template")
            try await shell("cp -a template profiles", in: root)
            let script = """
                mount --make-rprivate /; cd profiles; \(mount)
                cd ../profiles; \(then)
                sha256sum night.yaml > ../before
                "$MILLM" --profiles . set night 3=4.5 && exit 9
                sha256sum -c --quiet ../before; ls -a | grep millm- && exit 8
                "$MILLM" --profiles . --quiet list > /dev/null
                """
            let outcome = try await run(
                ["/usr/bin/unshare", "-m", "/bin/bash", "-ec", script],
                in: root,
                environment: ["MILLM": Products.millm]
            )
            #expect(outcome.status == 0 || outcome.status == 1, "\(outcome.output)")
            for word in words { #expect(outcome.output.lowercased().contains(word), "\(outcome.output)") }
        }
    }
}

/// One command, run under `strace` that answers one of its calls.
private struct FaultBench {
    let root: String
    let command: WritingCommand

    var profiles: String { root + "/profiles" }
    private var environment: [String: String] { ["XDG_STATE_HOME": root + "/state"] }
    private var arguments: [String] {
        [Products.millm, "--profiles", profiles]
            + command.arguments.map { $0.hasPrefix("../") ? root + $0.dropFirst(2) : $0 }
    }

    /// The directory before the command and after it.
    func trees() async throws -> (old: Tree, new: Tree) {
        try await restore()
        let old = try Tree(profiles)
        let outcome = try await again()
        try #require(outcome.status == 0, "\(outcome.output)")
        return (old, try Tree(profiles))
    }

    /// Runs the command without a fault.
    func again() async throws -> Outcome {
        try await UnderFireTests.run(arguments, environment: environment)
    }

    /// Runs the command with a fault in its n-th call; nil if it makes fewer.
    func run(with fault: Fault, at n: Int) async throws -> Outcome? {
        try await restore()
        let log = root + "/strace"
        let names =
            ["", "/active", "/night.yaml", "/day.yaml"]
            + ["write", "active", "change-0", "change-1", "change-draft", "change-plan"].map { "/.millm-" + $0 }
        let strace =
            ["/usr/bin/strace", "-f", "-qq", "-o", log, "-e", "trace=\(fault.call)"]
            + names.flatMap { ["-P", profiles + $0] }
            + ["-e", "inject=\(fault.call):error=\(fault.error):when=\(n)"]
        let outcome = try await UnderFireTests.run(strace + arguments, environment: environment)
        return try String(contentsOfFile: log, encoding: .utf8).contains("(INJECTED)") ? outcome : nil
    }

    private func restore() async throws {
        try await shell("rm -rf profiles state; cp -a template profiles", in: root)
    }
}
