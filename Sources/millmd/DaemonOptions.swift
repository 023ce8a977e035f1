import ArgumentParser
import Configuration
import Logging

/// The daemon's flags, as typed; what is absent comes from the environment or has a default.
struct DaemonOptions: ParsableArguments {
    @Option(help: "The directory of profiles. (default: ./profiles)", completion: .directory)
    var profiles: String?

    @Option(help: "The model, a GGUF file. (default: the one that 'make run' installs)", completion: .file())
    var model: String?

    @Option(
        help: "The SAE, a directory in SAELens format. (default: ./saes/smollm2-135m-instruct-l15 if it is there)",
        completion: .directory
    )
    var sae: String?

    @Option(help: "The address to serve on. (default: 127.0.0.1)")
    var host: String?

    @Option(help: "The port to serve on; 0 takes a free one and prints it. (default: 8000)")
    var port: Int?

    @Option(help: "The model's name in requests and profiles. (default: from the file's name)")
    var modelName: String?

    @Option(help: "The SAE's id in profiles. (default: the directory's name)")
    var saeID: String?

    @Option(help: "How many sequences decode at once. (default: 8)")
    var parallel: Int?

    @Option(help: "The context's length in tokens, shared by all sequences. (default: 8192)")
    var context: Int?

    @Option(help: "Threads that compute. (default: the physical cores)")
    var threads: Int?

    @Option(
        help: """
            A file (mode 0600) with the bearer token that allows everything. Given any token, requests must bring one; \
            only /healthz and /readyz are open.
            """,
        completion: .file()
    )
    var tokenFile: String?

    @Option(
        help: """
            A file (mode 0600) with a second token that allows to read and to ask the model, but not to change \
            profiles or steering.
            """,
        completion: .file()
    )
    var readTokenFile: String?

    @Option(help: "Seconds between safety polls of the directory. (default: 2)")
    var poll: Double?

    @Option(
        help: "trace, debug, info, notice, warning, error or critical. (default: info)",
        completion: .list(Logger.Level.allCases.map(\.rawValue))
    )
    var logLevel: String?

    @Option(
        help: "How lines of the log are written: logfmt or json. (default: logfmt)",
        completion: .list(LogFormat.allCases.map(\.rawValue))
    )
    var logFormat: String?
}

/// What the daemon runs with: flags first, then `MILLM_…` variables, then defaults.
struct DaemonConfiguration: Sendable {
    let profiles: String
    let model: String
    /// Nil serves unsteered.
    let sae: String?
    let host: String
    let port: Int
    let modelName: String?
    let saeID: String?
    let parallel: Int
    let context: Int
    /// Nil takes the physical cores.
    let threads: Int?
    let tokenFile: String?
    let readTokenFile: String?
    let poll: Duration
    let logLevel: Logger.Level
    let logFormat: LogFormat

    /// - Parameter fileExists: Whether there is something at a path.
    /// - Throws: `ValidationError` that names the flag or the variable with an unusable value.
    init(_ options: DaemonOptions, environment: [String: String], fileExists: (String) -> Bool) throws {
        let settings = Settings(environment: environment)
        profiles = try settings.value(options.profiles, "profiles") ?? "profiles"
        model = try settings.value(options.model, "model") ?? Self.defaultModel(environment)
        let shippedSAE = "saes/smollm2-135m-instruct-l15"
        sae = try settings.value(options.sae, "sae") ?? (fileExists(shippedSAE) ? shippedSAE : nil)
        host = try settings.value(options.host, "host") ?? "127.0.0.1"
        port = try settings.value(options.port, "port", in: 0...65_535) ?? 8000
        modelName = try settings.value(options.modelName, "model-name")
        saeID = try settings.value(options.saeID, "sae-id")
        parallel = try settings.value(options.parallel, "parallel", in: 1...64) ?? 8
        context = try settings.value(options.context, "context", in: 32...1_048_576) ?? 8192
        threads = try settings.value(options.threads, "threads", in: 1...512)
        tokenFile = try settings.value(options.tokenFile, "token-file")
        readTokenFile = try settings.value(options.readTokenFile, "read-token-file")
        poll = .seconds(try settings.value(options.poll, "poll", in: 0.01...3600) ?? 2)
        let level = try settings.value(options.logLevel, "log-level") ?? "info"
        guard let level = Logger.Level(rawValue: level.lowercased()) else {
            throw ValidationError("--log-level cannot be '\(level)'; it is one of \(Logger.Level.names).")
        }
        logLevel = level
        let format = try settings.value(options.logFormat, "log-format") ?? "logfmt"
        guard let format = LogFormat(rawValue: format.lowercased()) else {
            throw ValidationError("--log-format cannot be '\(format)'; it is logfmt or json.")
        }
        logFormat = format
    }

    private static func defaultModel(_ environment: [String: String]) -> String {
        let data = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let home = environment["HOME"] ?? "/"
        return (data ?? home + "/.local/share") + "/millm/models/SmolLM2-135M-Instruct.Q4_1.gguf"
    }
}

/// Looks values up behind the flags.
private struct Settings {
    private let variables: ConfigReader

    init(environment: [String: String]) {
        variables = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment))
    }

    /// The flag's value, else the one of `MILLM_…`, else nil.
    func value<Value: ExpressibleByArgument>(_ flag: Value?, _ name: String) throws -> Value? {
        if let flag { return flag }
        guard let text = variables.string(forKey: ConfigKey(["millm"] + name.split(separator: "-").map(String.init)))
        else { return nil }
        guard let value = Value(argument: text) else {
            let variable = "MILLM_" + name.uppercased().replacing("-", with: "_")
            throw ValidationError("\(variable) has the value '\(text)', which \(name) cannot be.")
        }
        return value
    }

    /// The same for a number that has bounds.
    func value<Value: ExpressibleByArgument & Comparable>(
        _ flag: Value?,
        _ name: String,
        in range: ClosedRange<Value>
    ) throws -> Value? {
        guard let value = try value(flag, name) else { return nil }
        guard range.contains(value) else {
            throw ValidationError("--\(name) must be \(range.lowerBound) to \(range.upperBound), not \(value).")
        }
        return value
    }
}

extension Logger.Level {
    fileprivate static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
