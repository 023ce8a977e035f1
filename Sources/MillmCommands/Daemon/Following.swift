import ProfileDirectory
import Profiles

/// The daemon, beside what its directory says at the same moment.
struct Following: Sendable {
    let daemon: Daemon
    /// What the directory says and a running daemon has not dealt with; nil if it has, or none runs.
    let pending: DesiredState?

    /// - Throws: `.inputOutput` if the status cannot be read.
    init(_ state: StateDirectory, directory: String) throws(ProfileError) {
        daemon = try Daemon(in: state)
        pending = daemon.runningStatus.flatMap { status in
            let desired = ActiveProfileReader(path: directory).read().desired
            return status.isAbout(desired) ? nil : desired
        }
    }
}

extension LoaderStatus {
    /// Whether this is what the daemon makes of what the directory says.
    func isAbout(_ state: DesiredState) -> Bool {
        // The daemon may be allowed to read what this program cannot.
        if case .directoryGone = state { return true }
        guard let now = Desired(state) else { return desired == nil }
        return now.id == desired?.id && (now.digest == nil || now.digest == desired?.digest)
    }
}
