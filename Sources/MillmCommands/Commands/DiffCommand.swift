import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm diff`
struct DiffCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Shows how the features of two profiles differ.",
        discussion: """
            Without a second profile it compares with the active one. Lines start with '-' for a feature of \
            the first alone, '+' of the second alone, '~' for another strength.

            EXAMPLES:
              millm diff pirate calm
              millm diff pirate

            EXIT CODES:
              0  the same features and strengths
              1  differences
            """
    )

    @Argument(help: "A profile's id, or its file in the directory.", completion: .profileIDs)
    var first: String

    @Argument(help: "Another one; the active one without it.", completion: .profileIDs)
    var second: String?

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let workspace = try session.workspace
        let left = try await steering(of: workspace.profile(first))
        let right: [Int: Double]
        if let second {
            right = try await steering(of: workspace.profile(second))
        } else if let active = try await workspace.repository.active() {
            right = try steering(of: active)
        } else {
            let message = "No profile is active. Name a second profile to compare with."
            throw CommandFailure(.findings, "NOT_ACTIVE", message)
        }
        let difference = SteeringDifference(from: left, to: right)
        if session.format == .json {
            try session.print(json: difference.json)
        } else if difference.isEmpty {
            try session.confirm("They steer the same.")
        } else {
            for line in difference.lines(style: session.style) { try session.print(line) }
        }
        return difference.isEmpty ? .success : .findings
    }

    private func steering(of file: ProfileFile) throws(ProfileError) -> [Int: Double] {
        guard let profile = file.profile else {
            throw ProfileError(
                .invalidFormat,
                "'\(file.id)' cannot be compared: its file has errors.",
                diagnostics: file.diagnostics
            )
        }
        return profile.steering
    }
}
