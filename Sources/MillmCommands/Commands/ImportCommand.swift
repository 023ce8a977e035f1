import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm import`
struct ImportCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Takes profiles from files into the directory.",
        discussion: """
            Reads every format that a profile can have: miLLM's exports and profile files, which keep their \
            comments. Either all files are imported or none. The ids are made from the display names. A profile \
            whose name is taken is refused, unless --replace is given: then it takes over the new values in its \
            own file.

            EXAMPLES:
              millm import ~/Downloads/pirate.json
              millm import ~/Downloads/*.json --replace
              curl -s https://example.org/calm.json | millm import - --name "Very Calm"

            EXIT CODES:
              1  a file holds no valid profile, or a name is taken; nothing was imported
              2  a file cannot be read or written
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
        guard files.count(where: { $0 == "-" }) < 2 else {
            throw CommandFailure.usage("Standard input ('-') can be read only once.")
        }
        let workspace = try session.workspace
        let sources = try files.map { try Source($0, in: session) }
        let imports = try Self.imports(of: sources, naming: name)
        let results = try await workspace.repository.importAll(imports, replacing: replace)
        if session.format == .json {
            let activeID = try? await workspace.activeID().get()
            try session.print(json: .array(results.map { $0.file.json(isActive: $0.file.id == activeID) }))
        } else {
            for (file, isNew) in results {
                try session.confirm("'\(file.id)' was \(isNew ? "imported" : "replaced"): \(file.path)")
            }
        }
        return .success
    }

    /// A file that was read.
    private struct Source {
        let path: String
        let bytes: [UInt8]
        let decoded: DecodedProfile

        init(_ path: String, in session: Session) throws {
            let isInput = path == "-"
            self.path = isInput ? SourceFile.standardInput : path
            bytes =
                isInput ? try session.console.readStandardInput(limit: SourceFile.limit) : try SourceFile.read(path)
            decoded = ProfileDecoder.decode(bytes, file: self.path)
        }

        /// What a new file of it holds: a profile file as it is, with its comments; another format written anew.
        func bytes(for profile: Profile) throws(ProfileError) -> [UInt8] {
            let isJSON = bytes.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
            guard decoded.format == .version1, !isJSON else { return ProfileEncoder.yaml(profile) }
            return try ProfileEditor.apply(ProfileChanges(name: profile.name), to: bytes, file: path)
        }
    }

    /// - Throws: `.invalidFormat` with the findings about all files.
    private static func imports(of sources: [Source], naming name: String?) throws(ProfileError) -> [ProfileImport] {
        let bad = sources.filter { $0.decoded.profile == nil }
        guard bad.isEmpty else {
            let paths = bad.map { "'\($0.path.escapedForDisplay)'" }.joined(separator: ", ")
            throw ProfileError(
                .invalidFormat,
                "\(paths) \(bad.count == 1 ? "holds" : "hold") no valid profile. Nothing was imported.",
                diagnostics: bad.flatMap(\.decoded.diagnostics)
            )
        }
        var imports: [ProfileImport] = []
        for source in sources {
            guard var profile = source.decoded.profile else { continue }
            if let name { profile.name = name }
            try profile.validate()
            imports.append(ProfileImport(profile: profile, bytes: try source.bytes(for: profile)))
        }
        return imports
    }
}
