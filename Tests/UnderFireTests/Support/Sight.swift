import Foundation
import ProfileDirectory
import Profiles

/// A directory as the product shows it: to a daemon that follows it, and to whoever asks.
///
/// Two sights are the same if nobody could tell the directories apart by them. Times are left out: a file that is
/// written again has others.
struct Sight: Hashable, CustomStringConvertible {
    /// What a daemon would apply, or why it would not.
    var desired: String
    /// What the commands that read print, with their statuses.
    var answers: [String]
    /// What is in the directory once they have run.
    var tree: Tree

    /// Asks, then looks with a daemon's eyes.
    ///
    /// - Parameter first: Which of the commands comes first: it is the one that may find something half done.
    init(_ profiles: String, environment: [String: String], first: Int = 0) async throws {
        answers = try await Self.answers(profiles, environment: environment, first: first)
        desired = Self.desired(in: profiles)
        tree = try Tree(profiles)
    }

    /// What the commands that read print, with their statuses, for somebody who may not write.
    static func answersWithoutWriting(_ profiles: String, environment: [String: String]) async throws -> [String] {
        let mount = "mount --bind \"$P\" \"$P\"; mount -o remount,bind,ro \"$P\"; exec \"$@\""
        return try await answers(
            profiles,
            environment: environment.merging(["P": profiles]) { $1 },
            launcher: ["/usr/bin/unshare", "-m", "--propagation", "private", "/bin/bash", "-ec", mount, "bash"]
        )
    }

    private static func answers(
        _ profiles: String,
        environment: [String: String],
        first: Int = 0,
        launcher: [String] = []
    ) async throws -> [String] {
        let commands = [["--format", "json", "list"], ["active"], ["--format", "json", "validate"]]
        var answers = Array(repeating: "", count: commands.count)
        for offset in commands.indices {
            let index = (first + offset) % commands.count
            let outcome = try await run(
                launcher + [Products.millm, "--profiles", profiles] + commands[index],
                environment: environment
            )
            let text = outcome.output.replacing(/"(created|updated)_at": "[^"]*",?/, with: "")
            answers[index] = "\(commands[index].joined(separator: " ")), \(outcome.status): \(text)"
        }
        return answers
    }

    /// What a daemon would apply, or why it would not. It finishes nothing.
    static func desired(in profiles: String) -> String {
        switch ActiveProfileReader(path: profiles).read().desired {
        case .absent: "none"
        case .profile(let active):
            "\(active.file.id) \(active.file.digest) \(active.file.diagnostics.map(\.code.code))"
        case .unreadable(let id, let finding): "\(id) \(finding.code.code)"
        case .fault(let finding), .directoryGone(let finding): finding.code.code
        }
    }

    var description: String { ([desired] + answers + ["\(tree)"]).joined(separator: "\n") }
}
