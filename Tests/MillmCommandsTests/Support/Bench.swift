import FoundationEssentials
import MillmCommands
import MillmTesting
import ProfileDirectory

/// A directory of profiles and a state folder, with `millm` at hand.
struct Bench {
    /// What a run of `millm` left behind.
    struct Answer {
        var exitCode: Int32
        var output: String
        var errors: String

        /// The lines of the output.
        var lines: [String] { output.split(separator: "\n").map(String.init) }

        /// The output as JSON.
        func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(type, from: Data(output.utf8))
        }
    }

    /// The temporary directory that holds everything.
    let root: String
    /// The directory of profiles.
    let profiles: String
    let environment: [String: String]

    var state: StateDirectory {
        get throws { try StateDirectory(forProfilesIn: profiles, environment: environment) }
    }

    /// Writes a file into the directory of profiles.
    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(profiles)/\(name)"))
    }

    /// Writes a valid profile.
    func addProfile(_ id: String, name: String, features: String = "{1: 2.5}") throws {
        try write(
            "\(id).yaml",
            "version: 1\nname: \(name)\nmodel: Echo-1B\nsae: echo-l2\nlayer: 2\nsteering: \(features)\n"
        )
    }

    /// Makes `active` a link to the text, whatever is there.
    func link(to target: String) throws {
        let path = "\(profiles)/active"
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }

    /// What the link `active` says; nil if there is none.
    var linkTarget: String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(profiles)/active")
    }

    /// Runs `millm` in this process on the directory.
    func millm(
        _ arguments: String...,
        columns: Int? = nil,
        input: String = "",
        environment extra: [String: String] = [:]
    ) async -> Answer {
        await run(arguments, columns: columns, input: input, environment: extra)
    }

    /// Runs `millm` with a list of arguments.
    func run(
        _ arguments: [String],
        columns: Int? = nil,
        input: String = "",
        environment extra: [String: String] = [:]
    ) async -> Answer {
        let console = CapturedConsole(columns: columns, input: input)
        let exitCode = await MillmTool.run(arguments, in: context(console, extra))
        return Answer(exitCode: exitCode, output: console.output, errors: console.errors)
    }

    func context(_ console: CapturedConsole, _ extra: [String: String] = [:]) -> CommandContext {
        CommandContext(console: console, environment: environment.merging(extra) { $1 })
    }
}

/// Runs the body with an empty directory of profiles.
func withBench(_ body: (Bench) async throws -> Void) async throws {
    try await withTemporaryDirectory { root in
        let profiles = "\(root)/profiles"
        try FileManager.default.createDirectory(atPath: profiles, withIntermediateDirectories: true)
        let environment = ["MILLM_PROFILES": profiles, "XDG_STATE_HOME": "\(root)/state"]
        try await body(Bench(root: root, profiles: profiles, environment: environment))
    }
}
