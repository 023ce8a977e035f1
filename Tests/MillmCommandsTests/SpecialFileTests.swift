import FoundationEssentials
import Glibc
import Testing

/// Paths that are no regular files: nobody waits for them, and they are refused by what they are.
@Suite struct SpecialFileTests {
    private static let kinds = [
        ("pipe", "is a named pipe, not a file; its writer is not waited for."), ("socket", "is a socket, not a file."),
        ("folder", "is a directory. Name a file in it."), ("/dev/zero", "is a device, not a file."),
        ("/dev/tty", "is a device, not a file."),
    ]

    private func fill(_ bench: Bench) throws {
        #expect(unsafe mkfifo("\(bench.root)/pipe", 0o600) == 0)
        try FileManager.default.createDirectory(atPath: "\(bench.root)/folder", withIntermediateDirectories: true)
        #expect(unsafe mknod("\(bench.root)/socket", S_IFSOCK | 0o600, 0) == 0)
    }

    @Test(arguments: kinds, ["validate", "import", "new x --template"])
    func `a special file is refused at once`(kind: (path: String, reason: String), command: String) async throws {
        try await withBench { bench in
            try fill(bench)
            // A directory has profiles to validate, or it has none.
            guard (kind.path, command) != ("folder", "validate") else { return }
            let path = kind.path.hasPrefix("/") ? kind.path : "\(bench.root)/\(kind.path)"
            let answer = await bench.run(command.split(separator: " ").map(String.init) + [path])
            #expect(answer.exitCode == 2)
            #expect(answer.output.isEmpty)
            #expect(answer.errors == "error: '\(path)' \(kind.reason)\n")
        }
    }

    @Test func `where an export cannot go, the directory that is missing is named`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            for flag in [[], ["--force"]] {
                let missing = await bench.run(["export", "calm", "-o", "\(bench.root)/no/out.json"] + flag)
                #expect(missing.exitCode == 2)
                #expect(
                    missing.errors.hasSuffix(
                        "cannot be written: there is no directory '\(bench.root)/no'. "
                            + "Make one with mkdir, or name another file.\n"
                    )
                )
                let file = "\(bench.profiles)/calm.yaml"
                let inFile = await bench.run(["export", "calm", "-o", "\(file)/out.json"] + flag)
                #expect(inFile.exitCode == 2)
                #expect(inFile.errors.contains("'\(file)' is no directory."))
            }
        }
    }
}
