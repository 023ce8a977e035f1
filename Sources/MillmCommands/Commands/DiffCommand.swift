import ArgumentParser
import ProfileDirectory
import Profiles

/// `millm diff`
struct DiffCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Shows how the features of two profiles differ.",
        discussion: """
            Without a second profile it compares with what the daemon has applied, as the history keeps it: what \
            the model follows, whatever the file says by now. Lines start with '-' for a feature of the first \
            alone, '+' of the second alone, '~' for another strength.

            EXAMPLES:
              millm diff pirate calm
              millm diff pirate
              millm diff active           what the daemon has not followed

            EXIT CODES:
              0  the same features and strengths
              1  differences, or a profile is not there or has errors
            """
    )

    @Argument(help: "A profile's id, or its file in the directory.", completion: .profileIDs)
    var first: String

    @Argument(help: "Another one; what is applied without it.", completion: .profileIDs)
    var second: String?

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    /// One of the two that are compared.
    private struct Side {
        var id: ProfileID?
        var digest: ContentDigest?
        var steering: [Int: Double]
        var isApplied = false

        /// `pirate`, `pirate (applied)`, `nothing (applied)`
        var title: String {
            let name =
                id?.description.escapedForDisplay ?? (steering.isEmpty ? "nothing" : "steering without a profile")
            return isApplied ? "\(name) (applied)" : name
        }

        var json: JSONValue {
            [
                "profile_id": JSONValue(id?.description),
                "digest": JSONValue(digest?.description),
                "applied": .bool(isApplied),
            ]
        }
    }

    func run(in session: Session) async throws -> ExitCode {
        let workspace = try session.workspace
        let left = try Self.side(of: await workspace.profile(first))
        let right: Side
        if let second {
            right = try Self.side(of: await workspace.profile(second))
        } else {
            right = try await applied(in: session)
        }
        let difference = SteeringDifference(from: left.steering, to: right.steering)
        if session.format == .json {
            try session.print(json: ["from": left.json, "to": right.json, "changes": difference.json])
        } else if difference.isEmpty {
            try session.confirm("'\(left.title)' and '\(right.title)' steer the same.")
        } else {
            try session.confirm(session.style(.heading, "--- \(left.title)\n+++ \(right.title)"))
            for line in difference.lines(style: session.style) { try session.print(line) }
        }
        return difference.isEmpty ? .success : .findings
    }

    private static func side(of file: ProfileFile) throws(ProfileError) -> Side {
        guard let profile = file.profile else {
            throw ProfileError(
                .invalidFormat,
                "'\(file.id)' cannot be compared: its file has errors.",
                diagnostics: file.diagnostics
            )
        }
        return Side(id: file.id, digest: file.digest, steering: profile.steering)
    }

    /// What the daemon has applied, or applied last; the active profile's file if it never has.
    private func applied(in session: Session) async throws -> Side {
        let state = try session.stateDirectory()
        let status: LoaderStatus
        switch try Daemon(in: state) {
        case .running(let known): status = known
        case .stopped(let known):
            session.warn("No daemon is running for '\(session.directory)'; this is what the last one had applied.")
            status = known
        case .silent(let pid):
            let message = Daemon.silence(of: pid, serving: session.directory)
            throw CommandFailure(.usage, "NO_STATUS", message + " Name a second profile to compare with.")
        case .unknown:
            guard let active = try await session.workspace.repository.active() else {
                let message =
                    "Nothing is applied, for no daemon has served '\(session.directory)' yet, and no profile is "
                    + "active. Name a second profile to compare with."
                throw CommandFailure(.findings, "NOT_ACTIVE", message)
            }
            session.warn("No daemon has served '\(session.directory)' yet; this is the active profile's file.")
            return try Self.side(of: active)
        }
        guard let applied = status.applied else { return Side(steering: [:], isApplied: true) }
        let history = try session.history()
        let digest = try applied.digest ?? history.applied().first { $0.planDigest == applied.planDigest }?.digest
        guard let digest, let bytes = try history.bytes(of: digest),
            let profile = ProfileDecoder.decode(bytes, file: "history").profile
        else {
            let message = "The bytes of what is applied are not in the history. Name a second profile to compare with."
            throw CommandFailure(.usage, ProfileError.Code.notFound.rawValue, message)
        }
        return Side(id: applied.id, digest: digest, steering: profile.steering, isApplied: true)
    }
}
