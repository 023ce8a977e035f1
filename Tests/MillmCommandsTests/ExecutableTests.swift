import Foundation
import MillmTesting
import Testing

/// The built program as a process: what in-process runs cannot show.
@Suite struct ExecutableTests {
    private struct Outcome {
        var status: Int32
        var reason: Process.TerminationReason
        var output: String
        var errors: String
    }

    /// The program lies beside the test bundle.
    private static let executable = URL(filePath: CommandLine.arguments[0])
        .deletingLastPathComponent().appending(path: "millm")

    private func run(_ arguments: [String], in bench: Bench, output: FileHandle? = nil) throws -> Outcome {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: bench.root)
        process.environment = ["XDG_STATE_HOME": "\(bench.root)/state", "PATH": "/usr/bin:/bin"]
        let outputPipe = Pipe()
        let errorPipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output ?? outputPipe
        process.standardError = errorPipe
        try process.run()
        try outputPipe.fileHandleForWriting.close()
        let text = try outputPipe.fileHandleForReading.readToEnd() ?? Data()
        let errors = try errorPipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            reason: process.terminationReason,
            output: String(decoding: text, as: UTF8.self),
            errors: String(decoding: errors, as: UTF8.self)
        )
    }

    @Test func `the directory ./profiles is the default`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            let outcome = try run(["list", "-q"], in: bench)
            #expect(outcome.status == 0)
            #expect(outcome.output == "calm\n")
            let relative = try run(["show", "profiles/calm.yaml"], in: bench)
            #expect(relative.status == 0)
        }
    }

    @Test(arguments: [(["--help"], 0), (["active"], 1), (["list", "--nope"], 2)] as [([String], Int32)])
    func `the exit code reaches the shell`(arguments: [String], code: Int32) async throws {
        try await withBench { bench in
            let outcome = try run(arguments, in: bench)
            #expect(outcome.reason == .exit)
            #expect(outcome.status == code)
        }
    }

    @Test func `a full disk is an I/O error`() async throws {
        try await withBench { bench in
            let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
            let outcome = try run(["--help"], in: bench, output: full)
            #expect(outcome.status == 2)
        }
    }

    @Test(arguments: [">&-", ">/dev/full"])
    func `what is changed is changed, and what cannot be told is an I/O error`(redirection: String) async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            let before = try Data(contentsOf: URL(filePath: "\(bench.profiles)/calm.yaml"))
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", "exec \"$0\" copy calm loud \(redirection) 2>/dev/null", Self.executable.path]
            process.currentDirectoryURL = URL(filePath: bench.root)
            process.environment = ["XDG_STATE_HOME": "\(bench.root)/state", "PATH": "/usr/bin:/bin"]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 2)
            let copy = try Data(contentsOf: URL(filePath: "\(bench.profiles)/loud.yaml"))
            #expect(String(decoding: copy, as: UTF8.self).hasPrefix("version: 1\nname: Loud\n"))
            let after = try Data(contentsOf: URL(filePath: "\(bench.profiles)/calm.yaml"))
            #expect(after == before)
        }
    }

    @Test func `without an SAE of one's own or one that is installed, the ways to name one are told`() async throws {
        try await withBench { bench in
            let outcome = try run(["features"], in: bench)
            #expect(outcome.status == 2)
            #expect(outcome.errors.hasPrefix("error: There is no SAE in 'saes/smollm2-135m-instruct-l15' or '/"))
            #expect(outcome.errors.hasSuffix("'. Name the directory of one with --sae or MILLM_SAE.\n"))
        }
    }

    @Test(arguments: ["<(cat in.yaml)", "/dev/stdin", "/dev/fd/0", "-"])
    func `what a shell gives open is read, be it a pipe`(place: String) async throws {
        try await withBench { bench in
            try Data("version: 1\nname: In\nsteering: {}\n".utf8).write(to: URL(filePath: "\(bench.root)/in.yaml"))
            let process = Process()
            process.executableURL = URL(filePath: "/bin/bash")
            process.arguments = [
                "-c", "cat in.yaml | \"$0\" validate \(place) && cat in.yaml | \"$0\" import \(place)",
                Self.executable.path,
            ]
            process.currentDirectoryURL = URL(filePath: bench.root)
            process.environment = ["XDG_STATE_HOME": "\(bench.root)/state", "PATH": "/usr/bin:/bin"]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            try output.fileHandleForWriting.close()
            let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(text == "1 file, no findings\n'in' was imported: profiles/in.yaml\n")
        }
    }

    @Test func `output that does not wait for its reader is written all the same`() async throws {
        try await withBench { bench in
            let sae = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../saes/smollm2-135m-instruct-l15").path
            let arguments = ["features", "a", "--sae", sae, "--format", "json"]
            let pipe = Pipe()
            let end = pipe.fileHandleForWriting.fileDescriptor
            try #require(fcntl(end, F_SETFL, O_WRONLY | O_NONBLOCK) == 0)
            let process = Process()
            process.executableURL = Self.executable
            process.arguments = arguments
            process.standardOutput = pipe.fileHandleForWriting
            try process.run()
            try pipe.fileHandleForWriting.close()
            var size = 0
            while let piece = try pipe.fileHandleForReading.read(upToCount: 1_000), !piece.isEmpty {
                size += piece.count
            }
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            let whole = try run(arguments, in: bench)
            #expect(size == whole.output.utf8.count)
            #expect(size > 100_000)
        }
    }

    @Test func `a reader that has gone ends the program in silence`() async throws {
        try await withBench { bench in
            let pipe = Pipe()
            try pipe.fileHandleForReading.close()
            let outcome = try run(["--help"], in: bench, output: pipe.fileHandleForWriting)
            #expect(outcome.reason == .uncaughtSignal)
            #expect(outcome.status == SIGPIPE)
            #expect(outcome.errors.isEmpty)
        }
    }

    @Test func `no inference engine is linked`() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/ldd")
        process.arguments = [Self.executable.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let libraries = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(libraries.contains("libc.so"))
        #expect(!libraries.contains("llama"))
        #expect(!libraries.contains("ggml"))
    }
}
