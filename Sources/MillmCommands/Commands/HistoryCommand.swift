import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm history`
struct HistoryCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Shows what was applied when.",
        discussion: """
            The newest first. BACK is the number for 'millm rollback'; 0 is what is applied now. With --all also \
            what was written or displaced in the directory without being applied. The bytes are kept for every \
            entry; --print writes them out.

            EXAMPLES:
              millm history
              millm history pirate --all
              millm history --print 12 > yesterday.yaml

            EXIT CODES:
              1  there is no such profile or entry
              2  the history cannot be read
            """
    )

    @Argument(help: "Only what belongs to this profile.", completion: .profileIDs)
    var id: String?

    @Flag(name: [.short, .long], help: "Also what was not applied.")
    var all = false

    @Option(name: [.short, .long], help: ArgumentHelp("How many entries to show at most.", valueName: "number"))
    var limit: Int?

    @Option(
        name: .customLong("print"),
        help: ArgumentHelp("Print the bytes of this entry.", valueName: "entry"),
        completion: .historyEntriesWithBytes
    )
    var printed: Int?

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        guard limit ?? 0 >= 0 else { throw CommandFailure.usage("--limit takes a number from 0.") }
        // A directory that is not there has no history to speak of.
        let workspace = try session.workspace
        let history = try session.history()
        if let printed { return try print(entry: printed, of: history, in: session) }
        let steps = Dictionary(
            try history.applied().enumerated().map { ($0.element.number, $0.offset) },
            uniquingKeysWith: min
        )
        var entries = try all ? history.entries() : history.applied()
        let id = try await wantedID(of: history, in: workspace)
        if let id { entries = entries.filter { $0.id == id } }
        if let limit { entries = Array(entries.prefix(limit)) }
        if session.format == .json {
            try session.print(json: .array(entries.map { $0.json(steps: steps[$0.number]) }))
        } else if entries.isEmpty {
            let subject = id.map { "'\($0.description.escapedForDisplay)' has not" } ?? "Nothing has"
            try session.confirm("\(subject) been \(all ? "kept" : "applied") yet.")
        } else {
            let width = session.terminal.map { $0.columns ?? 80 }
            let table = Self.table(of: entries, steps: steps)
            try session.console.write(table.rendered(width: width, style: session.style), to: .output)
        }
        return .success
    }

    /// The profile whose entries are wanted; nil for all.
    ///
    /// - Throws: `.notFound` if there is neither such a profile nor an entry about it.
    private func wantedID(of history: AppliedHistory, in workspace: Workspace) async throws -> ProfileID? {
        guard let id else { return nil }
        // A profile that is gone has a history all the same, so the id need not be one of today's.
        if let known = try history.entries().first(where: { $0.id?.description == id }) { return known.id }
        return try await workspace.profile(id).id
    }

    private func print(entry number: Int, of history: AppliedHistory, in session: Session) throws -> ExitCode {
        guard let entry = try history.entries().first(where: { $0.number == number }) else {
            throw ProfileError(
                .notFound,
                "The history has no entry \(number). 'millm history --all' shows those it has."
            )
        }
        guard let digest = entry.digest else {
            throw ProfileError(.notFound, "Entry \(number) has no bytes: no profile was active then.")
        }
        guard let bytes = try history.bytes(of: digest) else {
            throw ProfileError(.notFound, "The bytes of entry \(number) are no longer kept.")
        }
        // As they are: what is not UTF-8 may be just what somebody wants back.
        try session.console.write(bytes, to: .output)
        return .success
    }

    private static func table(of entries: [HistoryEntry], steps: [Int: Int]) -> Table {
        let columns: [Table.Column] = [
            .init("BACK", .trailing),
            .init("ENTRY", .trailing, dispensability: 2),
            .init("AT"),
            .init("PROFILE", minimumWidth: 12),
            .init("FEATURES", .trailing, dispensability: 1),
            .init("WHAT", dispensability: 3),
            .init("DIGEST", dispensability: 4),
            .init("REVISION", dispensability: 5),
        ]
        let rows = entries.map { entry in
            [
                Table.Cell(steps[entry.number].map(String.init) ?? ""),
                Table.Cell(String(entry.number), .faint),
                Table.Cell(entry.at.localSecond),
                Table.Cell(entry.title.escapedForDisplay, entry.id == nil ? .faint : nil),
                Table.Cell(entry.features.map(String.init) ?? ""),
                Table.Cell(entry.source.map { "\(entry.kind.rawValue) by \($0.rawValue)" } ?? entry.kind.rawValue),
                Table.Cell(entry.digest?.short ?? "", .faint),
                Table.Cell(String((entry.revision ?? "").prefix(12)), .faint),
            ]
        }
        return Table(columns: columns, rows: rows)
    }
}

extension HistoryEntry {
    /// What people call it.
    var title: String {
        if let id { return id.description }
        guard kind == .applied else { return fileName ?? "bytes without a name" }
        return digest == nil ? "no profile" : "steering without a profile"
    }

    /// The entry for programs.
    ///
    /// - Parameter steps: How many steps back it is; nil if it was not applied.
    fileprivate func json(steps: Int?) -> JSONValue {
        [
            "number": .integer(number),
            "steps": JSONValue(steps),
            "kind": .string(kind.rawValue),
            "profile_id": JSONValue(id?.description),
            "file_name": JSONValue(fileName),
            "digest": JSONValue(digest?.description),
            "plan_digest": JSONValue(planDigest?.description),
            "features": JSONValue(features),
            "source": JSONValue(source?.rawValue),
            "at": .string(at.description),
            "generation": JSONValue(generation),
            "revision": JSONValue(revision),
        ]
    }
}
