import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm list`
struct ListCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows all profiles of the directory.",
        discussion: """
            One line a profile, sorted by name; the active one is marked with '*'. Of files that share an id the \
            whole names are shown. On a terminal the table is fitted to its width; in a pipe nothing is cut. With \
            --format json it is the 'data' of the API's GET /api/profiles, with --quiet the ids alone.

            EXAMPLES:
              millm list
              millm list --profiles ~/profiles --format json
            """,
        aliases: ["ls"]
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let workspace = try session.workspace
        let files = try await workspace.repository.all()
        let activeID: ProfileID?
        switch await workspace.activeID() {
        case .success(let id): activeID = id
        case .failure(let error):
            session.warn(error.message)
            activeID = nil
        }
        if session.format == .json {
            try session.print(json: [
                "profiles": .array(files.map { $0.json(isActive: $0.id == activeID) }),
                "total": .integer(files.count),
                "active_profile_id": JSONValue(activeID?.description),
            ])
        } else if session.isQuiet {
            for file in files { try session.print(file.id.description.escapedForDisplay) }
        } else if files.isEmpty {
            try session.print("There are no profiles in '\(session.directory)'.")
        } else {
            let table = Self.table(of: files, activeID: activeID)
            let width = session.terminal.map { $0.columns ?? 80 }
            try session.console.write(table.rendered(width: width, style: session.style), to: .output)
        }
        return .success
    }

    private static func table(of files: [ProfileFile], activeID: ProfileID?) -> Table {
        let columns: [Table.Column] = [
            .init(""),
            .init("ID", minimumWidth: 12),
            .init("NAME", minimumWidth: 6, dispensability: 0),
            .init("MODEL", minimumWidth: 8, dispensability: 2),
            .init("SAE", minimumWidth: 8, dispensability: 3),
            .init("LAYER", .trailing, dispensability: 4),
            .init("FEATURES", .trailing, dispensability: 1),
            .init("UPDATED", dispensability: 5),
            .init("VALIDITY", minimumWidth: 8),
        ]
        let rows = files.map { file in
            let isActive = file.id == activeID
            let profile = file.profile
            return [
                Table.Cell(isActive ? "*" : "", .active),
                Table.Cell(name(of: file).escapedForDisplay, isActive ? .active : nil),
                Table.Cell((profile?.name ?? "").escapedForDisplay),
                Table.Cell((profile?.model ?? "").escapedForDisplay),
                Table.Cell((profile?.sae ?? "").escapedForDisplay),
                Table.Cell(profile?.layer.map(String.init) ?? ""),
                Table.Cell(profile.map { String($0.steering.count) } ?? ""),
                Table.Cell(file.updatedAt.localMinute, .faint),
                validity(of: file),
            ]
        }
        return Table(columns: columns, rows: rows)
    }

    /// The id, or the file's name where two files have one id.
    private static func name(of file: ProfileFile) -> String {
        file.diagnostics.contains { $0.code == .duplicateID } ? file.fileName : file.id.description
    }

    private static func validity(of file: ProfileFile) -> Table.Cell {
        let tally = Tally(of: file.diagnostics)
        if tally.errors > 0 { return Table.Cell(tally.description, .bad) }
        return tally.warnings > 0 ? Table.Cell(tally.description, .caution) : Table.Cell("ok", .good)
    }
}
