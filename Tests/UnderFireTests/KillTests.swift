import Foundation
import Glibc
import MillmTesting
import ProfileDirectory
import Profiles
import Testing

/// Ends commands that write right before each of their system calls.
@Suite(.serialized) struct KillTests {
    @Test(arguments: WritingCommand.some)
    func `a command that is killed anywhere leaves the old directory or the new one`(
        command: WritingCommand
    ) async throws {
        try await withTemporaryDirectory { root in
            try await shell("mkdir template outside", in: root)
            try await shell(WritingCommand.directory, in: root + "/template")
            let bench = KillBench(root: root, command: command)
            if command.needsHistory { try await bench.makeHistory() }
            try await shell(command.preparation, in: root + "/template", environment: ["MILLM": Products.millm])
            let changes = try await bench.killEverywhere(.changes(below: [root]))
            Scale.report("killed before each change: \(command.testDescription): \(changes)")
            // What lies between two changes changes nothing; some commands show that it is so.
            guard Scale.isFull, WritingCommand.everywhere.contains(command.arguments) else { return }
            let all = try await bench.killEverywhere(.everyCall)
            Scale.report("killed before each call: \(command.testDescription): \(all)")
        }
    }
}

/// One command, and what is done around each of its deaths.
private struct KillBench {
    let root: String
    let command: WritingCommand

    struct Tally: CustomStringConvertible {
        var kills = 0
        var old = 0
        var new = 0
        /// As the product shows it, which finishes what was decided on.
        var mixed = 0
        var failures = 0

        var description: String {
            "\(kills) kills: \(old) old, \(new) new, \(mixed) neither; next command failed: \(failures)"
        }
    }

    private var profiles: String { root + "/profiles" }
    private var arguments: [String] { [Products.millm, "--profiles", profiles] + absoluteArguments }
    private var absoluteArguments: [String] {
        command.arguments.map { $0.hasPrefix("../") ? root + $0.dropFirst(2) : $0 }
    }

    func killEverywhere(_ scope: Tracing.Scope) async throws -> Tally {
        try await restore()
        let old = try await Sight(profiles, environment: environment)
        try await restore()
        let whole = try await die(before: nil, scope)
        try #require(whole.isSuccess, "\(whole.output)")
        let new = try await Sight(profiles, environment: environment)
        #expect(old.tree != new.tree)
        #expect(new.tree.temporaries.isEmpty)

        var tally = Tally()
        // Threads may make a few calls more or fewer from run to run: what counts is that none is left.
        let step = Scale.isFull ? 1 : 4
        for n in stride(from: Int.random(in: 1...step), through: .max, by: step) {
            try await restore()
            let ending = try await die(before: n, scope)
            guard let call = ending.killedBefore else { break }
            tally.kills += 1
            // A daemon that follows the directory sees the change at one instant, whoever finishes it when.
            let followed = Sight.desired(in: profiles)
            // Nor does one who may not finish it see half of it.
            let seen = try await Sight.answersWithoutWriting(profiles, environment: environment)
            if geteuid() == 0, ![old.answers, new.answers].contains(seen) {
                Issue.record("killed before call \(n), seen without writing:\n\(seen.joined(separator: "\n"))")
            }
            let left = try await Sight(profiles, environment: environment, first: n)
            if left == old { tally.old += 1 }
            if left == new { tally.new += 1 }
            if left != old && left != new || ![old.desired, new.desired].contains(followed) {
                tally.mixed += 1
                Issue.record(
                    "killed before call \(n), system call \(call): neither old nor new:\n\(followed)\n\(left)\nold:\n\(old)"
                )
            }
            if try await !goesOn(from: left.tree, to: new.tree) { tally.failures += 1 }
        }
        #expect(tally.kills > 0)
        return tally
    }

    /// Whether the same command does its work after the death of the first one, or has nothing left to do.
    private func goesOn(from left: Tree, to new: Tree) async throws -> Bool {
        let again = try await die(before: nil, .everyCall)
        let end = try Tree(profiles)
        // What is done already may be refused, as a second deletion is.
        let isFine = end == new && (again.status == 0 || left == new)
        // What 'new' leaves beside the profiles is swept when a daemon starts.
        let isClean = again.status != 0 || end.temporaries.allSatisfy { $0.hasPrefix(".millm-output-") }
        if isFine, isClean { return true }
        Issue.record("after the death, again: \(again.status) \(again.output)\n\(end)\n\(end.temporaries)")
        return false
    }

    private func restore() async throws {
        try await shell(
            "rm -rf profiles state; cp -a template profiles; if [ -d history ]; then cp -a history state; fi",
            in: root
        )
    }

    /// Lets a daemon apply two versions of the active profile, and keeps what it leaves for every run.
    func makeHistory() async throws {
        try await restore()
        let daemon = try await LiveDaemon(root: root, launcher: [], poll: 3600)
        let before = try await daemon.status { $0.state == .ok }
        let outcome = try await run(
            [Products.millm, "--profiles", profiles, "set", "night", "3=9"],
            environment: environment
        )
        try #require(outcome.status == 0, "\(outcome.output)")
        try await daemon.status { $0.generation > before.generation && $0.state == .ok }
        await daemon.stop()
        try await shell("rm -r template; cp -a profiles template; cp -a state history", in: root)
    }

    private func die(before n: Int?, _ scope: Tracing.Scope) async throws -> Tracing.Ending {
        try await Tracing.run(
            arguments,
            environment: environment,
            output: root + "/output",
            scope: scope,
            killingBefore: n
        )
    }

    private var environment: [String: String] { ["XDG_STATE_HOME": root + "/state"] }
}
