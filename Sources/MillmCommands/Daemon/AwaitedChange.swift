import ProfileDirectory
import Profiles

/// A change of the directory that the daemon is expected to follow.
enum AwaitedChange: Hashable, Sendable {
    /// The link points at the profile, whose file has the digest.
    case activation(of: ProfileID, digest: ContentDigest)
    /// The link is gone.
    case deactivation

    /// What the daemon has made of a change.
    enum Verdict: Hashable, Sendable {
        case applied
        case rejected(LoaderStatus.Reason)
    }

    /// What a status says about the change; nil while it says nothing yet.
    ///
    /// - Parameters:
    ///   - status: The status at the moment.
    ///   - before: The status before the change: a complaint that is in it already is not about the change,
    ///     unless it is about the very same bytes.
    func verdict(of status: LoaderStatus, before: LoaderStatus) -> Verdict? {
        switch self {
        case .activation(let id, let digest):
            guard let desired = status.desired, desired.id == id else { return nil }
            if status.state == .ok, let applied = status.applied, applied.id == id, applied.digest == digest {
                return .applied
            }
            let isAboutTheseBytes =
                desired.digest == digest || (desired.digest == nil && status.reason != before.reason)
            guard status.state == .degraded, isAboutTheseBytes, let reason = status.reason else { return nil }
            return .rejected(reason)
        case .deactivation:
            guard status.desired == nil else { return nil }
            if status.state == .inactive { return .applied }
            guard status.state == .degraded, status.reason != before.reason, let reason = status.reason else {
                return nil
            }
            return .rejected(reason)
        }
    }
}
