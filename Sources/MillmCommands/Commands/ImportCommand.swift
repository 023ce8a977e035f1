import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm import`
struct ImportCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Takes profiles from files into the directory.",
        discussion: """
            Reads every format that a profile can have: miLLM's exports and profile files. All files are read \
            before the first is written. A profile whose name is taken is refused, unless --replace is given.

            EXAMPLES:
              millm import ~/Downloads/pirate.json
              millm import ~/Downloads/*.json --replace
              curl -s https://example.org/calm.json | millm import - --name "Very Calm"
            """
    )

    @Argument(help: "Files to read; '-' is standard input.", completion: .file())
    var files: [String]

    @Flag(help: "Change the profile that has the name already.")
    var replace = false

    @Option(help: "The display name; for a single file.")
    var name: String?

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        guard name == nil || files.count == 1 else {
            throw CommandFailure.usage("--name names one profile, and there are \(files.count) files.")
        }
        var profiles: [Profile] = []
        for file in files { profiles.append(try profile(in: file, session)) }
        for profile in profiles {
            let (file, isNew) = try await store(profile, in: session.workspace.repository)
            try await session.tell(file, "'\(file.id)' was \(isNew ? "imported" : "replaced").")
        }
        return .success
    }

    private func profile(in path: String, _ session: Session) throws -> Profile {
        let isInput = path == "-"
        let bytes = isInput ? try session.console.readStandardInput(limit: SourceFile.limit) : try SourceFile.read(path)
        let decoded = ProfileDecoder.decode(bytes, file: isInput ? SourceFile.standardInput : path)
        guard var profile = decoded.profile else {
            throw ProfileError(
                .invalidFormat,
                "'\(path.escapedForDisplay)' holds no valid profile. Nothing was imported.",
                diagnostics: decoded.diagnostics
            )
        }
        if let name { profile.name = name }
        return profile
    }

    private func store(
        _ profile: Profile,
        in repository: DirectoryRepository
    ) async throws(ProfileError) -> (file: ProfileFile, isNew: Bool) {
        guard replace, let existing = try await repository.profile(named: profile.name) else {
            return (try await repository.create(profile, id: nil), true)
        }
        let changes = ProfileChanges(
            description: profile.description,
            model: profile.model,
            sae: profile.sae,
            layer: profile.layer,
            steering: profile.steering
        )
        return (try await repository.update(existing.id, changes, expecting: existing.digest), false)
    }
}
