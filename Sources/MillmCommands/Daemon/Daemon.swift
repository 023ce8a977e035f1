import ProfileDirectory
import Profiles

/// What is known of the daemon that serves a directory of profiles.
enum Daemon: Hashable, Sendable {
    /// It has not left a status.
    case unknown
    /// It left a status and has ended since.
    case stopped(LoaderStatus)
    case running(LoaderStatus)

    /// Reads what the daemon has written, and asks whether it still runs.
    ///
    /// The status alone cannot tell: its pid may belong to another program by now. The lock is let go by the
    /// kernel when its holder ends.
    ///
    /// - Throws: `.inputOutput` if the status cannot be read.
    init(in state: StateDirectory) throws(ProfileError) {
        guard let status = try StatusFile(in: state).read() else {
            self = .unknown
            return
        }
        self = DaemonLock.holder(in: state) == status.pid ? .running(status) : .stopped(status)
    }

    /// The status of a daemon that runs.
    var runningStatus: LoaderStatus? {
        guard case .running(let status) = self else { return nil }
        return status
    }
}
