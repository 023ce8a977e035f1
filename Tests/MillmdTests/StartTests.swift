import Foundation
import MillmTesting
import Profiles
import Testing

/// What the daemon says of itself, before it serves and when it ends.
@Suite(.timeLimit(.minutes(5)))
struct StartTests {
    @Test func `both programs and the API have one version`() async throws {
        try await RunningDaemon.with { daemon in
            for program in ["millm", "millmd"] {
                let version = try await daemon.shell("'\(Repository.products)/\(program)' --version")
                #expect(version.output == Product.version + "\n")
            }
            let document = try await daemon.shell("curl -sS '\(daemon.address)/api/openapi.json'").output
            #expect(document.contains(#""version": "\#(Product.version)""#))
        }
    }

    @Test func `the log says which directory is waited for, nothing of the defaults, and the end`() async throws {
        let log = Pipe()
        try await RunningDaemon.with(["--profiles", "/nowhere at all", "--log-level", "debug"], log: log) { daemon in
            #expect(await daemon.stop() == 0)
        }
        let text = String(decoding: try log.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        let lines = text.split(separator: "\n")
        let missing = #"message="the directory of profiles is not there; it is waited for" path="/nowhere at all""#
        #expect(lines.contains { $0.contains("level=warning " + missing) }, "\(text)")
        #expect(!text.contains("crash"))
        #expect(!text.contains("n_ctx_train"))
        #expect(!text.contains("the context is cut"))
        #expect(text.contains("context of 8191 tokens"))
        #expect(lines.last { $0.contains("ending as told") } != nil, "\(text)")
    }

    @Test(arguments: [("--help", 0), ("--model /nowhere", 1), ("--port 65536", 64)])
    func `the help tells the exit codes`(options: String, code: Int32) async throws {
        try await withTemporaryDirectory { root in
            let (status, text, _) = try Self.run(options, in: root)
            #expect(status == code)
            guard options == "--help" else { return }
            #expect(text.contains("\nEXIT CODES:\n  0   "))
            #expect(text.contains("\n  1   ") && text.contains("\n  64  "))
        }
    }

    @Test func `a port that is taken is named before the model is loaded`() async throws {
        try await withTemporaryDirectory { root in
            try await RunningDaemon.with { daemon in
                let port = try #require(daemon.address.split(separator: ":").last)
                let (code, output, errors) = try Self.run("--port \(port) --model /nowhere", in: root)
                #expect(code == 1)
                #expect(output == "")
                #expect(errors.contains("Port \(port) on 127.0.0.1 is in use. "), "\(errors)")
                #expect(!errors.contains("loading the model"), "\(errors)")
            }
            let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
            let secret = Data("secret".utf8)
            #expect(FileManager.default.createFile(atPath: root + "/token", contents: secret, attributes: attributes))
            let foreign = try Self.run("--host 192.0.2.1 --token-file token --model /nowhere", in: root)
            #expect(foreign.errors.contains("192.0.2.1 is no address of this machine."), "\(foreign.errors)")
        }
    }

    /// Runs the daemon until it ends by itself.
    private static func run(
        _ options: String,
        in root: String
    ) throws -> (code: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "\(Repository.products)/millmd")
        process.arguments = options.split(separator: " ").map(String.init)
        process.environment = ["XDG_STATE_HOME": root]
        process.currentDirectoryURL = URL(fileURLWithPath: root)
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaints = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text, complaints)
    }

    @Test(arguments: [
        ("--port 8123", "", "http://127.0.0.1:8123"), ("--host=::1 --port=9", "", "http://[::1]:9"),
        ("--port 0", "", "http://127.0.0.1:PORT"), ("", "MILLM_PORT=77", "http://127.0.0.1:77"),
        ("--port 8", "MILLM_PORT=77", "http://127.0.0.1:8"), ("", "", "http://127.0.0.1:8000"),
        ("--token-file 'my token'", "", "http://127.0.0.1:8000"),
        ("--read-token-file=other", "MILLM_TOKEN_FILE='my token'", "http://127.0.0.1:8000"),
        ("", "MILLM_READ_TOKEN_FILE='my token'", "http://127.0.0.1:8000"),
    ])
    func `what to try names the address of the options`(options: String, environment: String, address: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // It becomes a daemon that only shows its help, if there is one.
        process.arguments = [
            "-c",
            "\(environment) '\(Repository.path)/scripts/run' \(options) --profiles 'a b' --help 2>/dev/null; true",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(text.contains("millmd serves at \(address) until Ctrl-C"))
        #expect(text.contains("curl -s \(address)/v1/chat/completions"))
        #expect(text.contains(#"millm list --profiles a\ b"#))
        let hasToken = (options + environment).lowercased().contains("token")
        #expect(text.contains(#"json' -H "Authorization: Bearer $(cat my\ token)" \"#) == hasToken, "\(text)")
    }
}
