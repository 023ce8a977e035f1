import ArgumentParser

/// The profile that a command is about.
struct ProfileArgument: ParsableArguments {
    @Argument(help: "The profile's id, or its file in the directory.", completion: .profileIDs)
    var id: String
}

/// A profile, and what it or its copy is to be called.
struct NamedProfile: ParsableArguments {
    /// What to do if the new id or name is taken.
    static let adviceIfTaken = "Give another id, or another display name with --name."

    @OptionGroup
    var profile: ProfileArgument

    @Argument(help: "The new id.")
    var newID: String?

    @Option(name: [.short, .long], help: "The new display name.")
    var name: String?
}
