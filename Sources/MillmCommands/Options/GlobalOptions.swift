import ArgumentParser

/// The options that every command has. They stand before or behind the command's name.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The directory of profiles.",
            discussion: "Without it MILLM_PROFILES names the directory, and without that it is ./profiles.",
            valueName: "directory"
        ),
        completion: .directory
    )
    var profiles: String?

    @Option(
        help: "How to write results: human or json; validate knows github and sarif, too.",
        completion: .formats
    )
    var format: OutputFormat = .human

    @Option(help: "When to write colours: auto (on a terminal, unless NO_COLOR is set), always or never.")
    var color: ColorChoice = .auto

    @Flag(name: [.short, .long], help: "Say nothing but results and errors.")
    var quiet = false

    /// The directory of profiles where nothing names another.
    static let defaultDirectory = "profiles"

    /// The directory of profiles, from the option, the environment or the default.
    func directory(environment: [String: String]) -> String {
        if let profiles { return profiles }
        let variable = environment["MILLM_PROFILES"] ?? ""
        return variable.isEmpty ? Self.defaultDirectory : variable
    }
}
