import Foundation
import MillmTesting
import Testing

/// The documentation's transcript of a first profile, word for word.
///
/// What needs a running model is left out here: the activation, and the answer.
@Suite struct TranscriptTests {
    private static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let executable = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()

    /// A command and what the screen shows; a line `…` stands for any number of lines.
    private struct Step {
        var command: String
        var lines: [String] = []
    }

    /// What `vim` does in the first block, and between the last ones.
    private static let mistakes = """
        sed -i 's/^description: .*/descripton: Talks like a captain of the seven seas./; s/^layer: 15/layer: fifteen/
                s/^steering: {}/steering:\\n  2323: 45,0  # ships and captains/' profiles/pirate.yaml
        """
    private static let mending = """
        sed -i 's/^descripton/description/; s/^layer: fifteen/layer: 15/; s/45,0/45.0/' profiles/pirate.yaml
        """

    private func steps() throws -> [Step] {
        let path = "Sources/MillmCommands/MillmCommands.docc/FirstProfile.md"
        let text = try String(contentsOf: Self.repository.appending(path: path), encoding: .utf8)
        var steps: [Step] = []
        for block in text.components(separatedBy: "```").enumerated().filter({ $0.offset % 2 == 1 }).map(\.element) {
            for line in block.components(separatedBy: "\n").dropFirst().dropLast() {
                if line.hasPrefix("$ ") {
                    steps.append(Step(command: String(line.dropFirst(2))))
                } else {
                    steps[steps.count - 1].lines.append(line)
                }
            }
        }
        return steps
    }

    private func run(_ command: String, in folder: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", "exec 2>&1; \(command)"]
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = ["PATH": "\(Self.executable.path):/usr/bin:/bin", "HOME": folder]
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }

    /// Whether the text is what the lines say.
    private func matches(_ text: String, _ lines: [String]) -> Bool {
        var rest = text[...]
        var isAnywhere = false
        for line in lines {
            if line.trimmingCharacters(in: .whitespaces) == "…" {
                isAnywhere = true
                continue
            }
            guard let place = isAnywhere ? rest.firstRange(of: line + "\n") : rest.prefixRange(of: line + "\n") else {
                return false
            }
            rest = rest[place.upperBound...]
            isAnywhere = false
        }
        return isAnywhere || rest.isEmpty
    }

    @Test func `the screen shows what the transcript says`() async throws {
        try await withTemporaryDirectory { root in
            for folder in ["profiles", "Templates", "saes"] {
                let source = Self.repository.appending(path: folder).path
                try FileManager.default.copyItem(atPath: source, toPath: "\(root)/\(folder)")
            }
            let steps = try steps()
            #expect(steps.count > 9)
            for step in steps where !step.command.contains("--wait") && !step.command.hasPrefix("ask") {
                if step.command.hasPrefix("vim") {
                    _ = try run(Self.mistakes, in: root)
                } else {
                    if step.command.contains("--sae") { _ = try run(Self.mending, in: root) }
                    let text = try run(step.command, in: root)
                    #expect(matches(text, step.lines), "\(step.command)\n\(text)")
                }
            }
        }
    }
}

extension Substring {
    fileprivate func prefixRange(of text: String) -> Range<Index>? {
        hasPrefix(text) ? startIndex..<index(startIndex, offsetBy: text.count) : nil
    }
}
