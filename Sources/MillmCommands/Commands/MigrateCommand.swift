import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm migrate`
struct MigrateCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Moves profile files between versions of the format.",
        discussion: """
            Version 1 is the format of today, version 0 the one of miLLM's rows, without a version key. Files are \
            changed in place: comments and every byte that need not change stay, also on the way back. On the way \
            to version 0 a version in an unusual place becomes a comment, 'taken out by millm migrate', to come \
            back there; in JSON, and in braces on one line, it comes back as the first key. A file with errors \
            is left alone and reported; the others are migrated all the same, all of them or none.

            EXAMPLES:
              millm migrate                 all files to version \(ProfileMigration.currentVersion)
              millm migrate --check         only tell which files would change
              millm migrate pirate --to 0   one file, for an older program

            EXIT CODES:
              0  every file is of that version (now)
              1  a file would change (with --check), or cannot be migrated
              2  a file cannot be read or written
            """
    )

    @Argument(help: "Profiles to migrate; all of the directory without one.", completion: .profileIDs)
    var ids: [String] = []

    @Option(
        help: ArgumentHelp("The version to move to.", valueName: "version"),
        completion: .list(ProfileMigration.versions.map(String.init))
    )
    var to = ProfileMigration.currentVersion

    @Flag(help: "Change nothing, and tell by the exit code whether something would change.")
    var check = false

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        guard ProfileMigration.versions.contains(to) else {
            let known = ProfileMigration.versions.map(String.init).joined(separator: " and ")
            throw CommandFailure.usage("There is no version \(to) of the format. The versions are \(known).")
        }
        let workspace = try session.workspace
        var files: [ProfileFile] = []
        for id in ids {
            let file = try await workspace.profile(id)
            if !files.contains(where: { $0.path == file.path }) { files.append(file) }
        }
        if ids.isEmpty { files = try await workspace.repository.all() }
        let steps = try await session.warningOfHardLinks(to: files.map(\.path)) {
            check ? files.map(look) : try await migrate(files, in: workspace)
        }
        try show(steps, in: session)
        if steps.contains(where: { $0.error.map(CommandFailure.init)?.exitCode == .usage }) { return .usage }
        let isFine = steps.allSatisfy { $0.error == nil && !(check && $0.isChanged) }
        return isFine ? .success : .findings
    }

    /// What became of one file.
    private struct Step {
        let file: ProfileFile
        var isChanged = false
        var error: ProfileError?

        /// The version that the file was of; nil for miLLM's exports, and for what cannot be told.
        var version: Int? { file.decoded.format.flatMap(ProfileMigration.version(of:)) }
    }

    private func look(at file: ProfileFile) -> Step {
        if let error = Self.failure(of: file) { return Step(file: file, error: error) }
        do throws(ProfileError) {
            let bytes = try SourceFile.read(file.path)
            return Step(file: file, isChanged: try ProfileMigration.migrate(bytes, to: to, file: file.path) != nil)
        } catch {
            return Step(file: file, error: error)
        }
    }

    private func migrate(_ files: [ProfileFile], in workspace: Workspace) async throws(ProfileError) -> [Step] {
        let version = to
        let readable = files.filter { Self.failure(of: $0) == nil }
        let outcomes = try await workspace.repository.rewrite(readable.map { ($0.id, $0.digest) }) {
            (bytes, name) throws(ProfileError) in
            try ProfileMigration.migrate(bytes, to: version, file: name)
        }
        var rest = outcomes[...]
        return files.map { file in
            if let error = Self.failure(of: file) { return Step(file: file, error: error) }
            return switch rest.removeFirst() {
            case .success(let isChanged): Step(file: file, isChanged: isChanged)
            case .failure(let error): Step(file: file, error: error)
            }
        }
    }

    /// Why a file is not even looked into: it could not be read, or another one has its id.
    private static func failure(of file: ProfileFile) -> ProfileError? {
        guard let finding = file.unreadable ?? file.diagnostics.first(where: { $0.code == .duplicateID }) else {
            return nil
        }
        let code: ProfileError.Code = finding.code == .unreadable ? .inputOutput : .invalidFormat
        return ProfileError(code, "\(finding.location): \(finding.message).", diagnostics: [finding])
    }

    private func show(_ steps: [Step], in session: Session) throws {
        guard session.format != .json else { return try session.print(json: .array(steps.map(json))) }
        for step in steps {
            if let error = step.error {
                session.report(CommandFailure(error))
            } else if step.isChanged {
                let origin = step.version.map { "version \($0)" } ?? "miLLM's export"
                let verb = check ? "would be" : "was"
                try session.confirm("'\(step.file.id)' \(verb) migrated from \(origin) to version \(to).")
            }
        }
        let changed = steps.count(where: \.isChanged)
        let verb = check ? "to migrate" : "migrated"
        let failed = steps.count { $0.error != nil }
        let remark = failed == 0 ? "" : ", \(failed) failed"
        try session.confirm("\(steps.count.counted("file")), \(changed) \(verb)\(remark)")
    }

    private func json(of step: Step) -> JSONValue {
        let outcome = step.error != nil ? "failed" : !step.isChanged ? "current" : check ? "outdated" : "migrated"
        return [
            "profile_id": .string(step.file.id.description),
            "file": .string(step.file.path),
            "from": JSONValue(step.version),
            "to": .integer(to),
            "outcome": .string(outcome),
            "error": step.error.map { CommandFailure($0).json } ?? .null,
        ]
    }
}
