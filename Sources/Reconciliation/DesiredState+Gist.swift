import ProfileDirectory
import Profiles

extension DesiredState {
    /// What tells two desired states apart, as far as the core is concerned: times and modes of files do not.
    enum Gist: Hashable, Sendable {
        case absent
        case profile(ProfileID, ContentDigest, findings: [Diagnostic], isBeingWritten: Bool)
        case fault(ProfileID?, Diagnostic)
    }

    var gist: Gist {
        switch self {
        case .absent:
            .absent
        case .profile(let active):
            .profile(
                active.file.id,
                active.file.digest,
                findings: active.file.diagnostics,
                isBeingWritten: active.isBeingWritten
            )
        case .unreadable(let id, let finding):
            .fault(id, finding)
        case .fault(let finding), .directoryGone(let finding):
            .fault(nil, finding)
        }
    }
}
