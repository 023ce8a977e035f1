import ProfileDirectory
import Profiles

/// A change of the directory that the daemon is expected to follow.
enum AwaitedChange: Hashable, Sendable {
    /// The link points at the profile, whose file has the digest.
    ///
    /// `isNewlyForced` says that the daemon judges it again, though it may know the bytes already.
    case activation(of: ProfileID, digest: ContentDigest, isNewlyForced: Bool = false)
    /// The link is gone.
    case deactivation

    /// The code of a deactivation that changes nothing, because steering that was set over the API stands.
    static let heldCode = "HELD"

    /// What the daemon has made of a change.
    enum Verdict: Hashable, Sendable {
        case applied
        case rejected(LoaderStatus.Reason)
    }

    /// The profile that shall be active; nil if none shall.
    var id: ProfileID? { if case .activation(let id, _, _) = self { id } else { nil } }

    /// What a status says about the change; nil while it says nothing yet.
    ///
    /// - Parameters:
    ///   - status: The status at the moment.
    ///   - before: The status before the change: a complaint that is in it already is not about the change,
    ///     unless it is about the very same bytes.
    func verdict(of status: LoaderStatus, before: LoaderStatus) -> Verdict? {
        switch self {
        case .activation(let id, let digest, let isNewlyForced):
            guard let desired = status.desired, desired.id == id else { return nil }
            if status.state == .ok, let applied = status.applied, applied.id == id, applied.digest == digest {
                return .applied
            }
            let isNews = status.reason != before.reason
            let isAboutTheseBytes =
                (desired.digest == digest && (isNews || !isNewlyForced)) || (desired.digest == nil && isNews)
            guard status.state == .degraded, isAboutTheseBytes, let reason = status.reason else { return nil }
            return .rejected(reason)
        case .deactivation:
            guard status.desired == nil else { return nil }
            if status.state == .inactive { return .applied }
            // Nothing has changed on disk, so the daemon does not leave what it was told over the API.
            if status.state == .held, before.state == .held, before.desired == nil { return .rejected(.held(status)) }
            guard status.state == .degraded, status.reason != before.reason, let reason = status.reason else {
                return nil
            }
            return .rejected(reason)
        }
    }
}

extension LoaderStatus.Reason {
    /// Why a deactivation changes nothing: there was no link.
    fileprivate static func held(_ status: LoaderStatus) -> LoaderStatus.Reason {
        LoaderStatus.Reason(
            code: AwaitedChange.heldCode,
            message: "Steering that was set through the API stands; DELETE /api/steering clears it.",
            since: status.applied?.at ?? .now()
        )
    }
}
