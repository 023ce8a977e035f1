import ProfileDirectory
import Profiles

/// What is known of the daemon that serves a directory of profiles.
enum Daemon: Hashable, Sendable {
    /// There is none, and none has left a status.
    case unknown
    /// It serves the directory, and its status cannot be read: it is starting, it keeps it elsewhere since it is another
    /// user's or came by another path, or it cannot write it.
    case silent(pid: Int32)
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
        let status = try StatusFile(in: state).read()
        let holder = DaemonLock.holder(in: state)
        if let pid = state.rival {
            self = .silent(pid: pid)
        } else if let status, holder == status.pid {
            self = .running(status)
        } else if let pid = holder ?? DaemonLock.claimant(ofProfilesOf: state) {
            self = .silent(pid: pid)
        } else {
            self = status.map { .stopped($0) } ?? .unknown
        }
    }

    /// Says of a daemon that serves a directory that its status cannot be read, and why that may be.
    static func silence(of pid: Int32, serving directory: String) -> String {
        "A daemon (pid \(pid)) serves '\(directory)', but has left no status here: it is starting, or it is another "
            + "user's or came by another path, or it cannot write one. GET /api/status and its log tell more."
    }

    /// The status of a daemon that runs.
    var runningStatus: LoaderStatus? {
        guard case .running(let status) = self else { return nil }
        return status
    }
}
