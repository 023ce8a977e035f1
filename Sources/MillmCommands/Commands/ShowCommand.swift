import ArgumentParser
import Profiles

/// `millm show`
struct ShowCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one profile.",
        discussion: """
            With --format json it is the profile object of the API. If the file is no valid profile, the findings \
            are shown.

            EXAMPLES:
              millm show pirate
              millm show profiles/pirate.yaml --format json

            EXIT CODES:
              1  there is no such profile, or its file has errors
              2  the file cannot be read
            """
    )

    @OptionGroup
    var profile: ProfileArgument

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let workspace = try session.workspace
        let file = try await workspace.profile(profile.id)
        let activeID = try? await workspace.activeID().get()
        let isActive = file.id == activeID
        if session.format == .json {
            try session.print(json: file.json(isActive: isActive))
        } else {
            try session.print(Self.heading(of: file, isActive: isActive, style: session.style))
            if let profile = file.profile {
                try session.console.write(Self.body(of: profile, file, session: session), to: .output)
            }
            try session.print(file.diagnostics)
        }
        return ExitCode(of: file.diagnostics)
    }

    private static func heading(of file: ProfileFile, isActive: Bool, style: Style) -> String {
        let name = style(.heading, file.displayName.escapedForDisplay)
        let remarks = [file.id.description.escapedForDisplay] + (isActive ? [style(.active, "active")] : [])
        return "\(name) (\(remarks.joined(separator: ", ")))"
    }

    private static func body(of profile: Profile, _ file: ProfileFile, session: Session) -> String {
        let description = (profile.description ?? "").split(whereSeparator: \.isNewline)
        let width = session.terminal?.columns
        var lines = description.flatMap { FoldedText.lines(of: $0.description.escapedForDisplay, width: width) }
        if !lines.isEmpty { lines.append("") }
        let facts: [(String, String?)] = [
            ("model", profile.model),
            ("sae", profile.sae),
            ("layer", profile.layer.map(String.init)),
            ("file", "\(session.directory)/\(file.fileName)"),
            ("updated", file.updatedAt.localMinute),
        ]
        for case (let title, let value?) in facts {
            lines.append(session.style(.faint, title.padded(toWidth: 8)) + " " + value.escapedForDisplay)
        }
        lines.append("")
        guard !profile.steering.isEmpty else {
            return (lines + ["It names no features, so it steers nothing."]).joined(separator: "\n") + "\n"
        }
        let rows = profile.steering.sorted { $0.key < $1.key }.map { index, strength in
            [Table.Cell(String(index)), Table.Cell(String(strength))]
        }
        let table = Table(columns: [.init("FEATURE", .trailing), .init("STRENGTH", .trailing)], rows: rows)
        return lines.joined(separator: "\n") + "\n" + table.rendered(width: nil, style: session.style)
    }
}
