import ProfileDirectory
import Profiles

extension DesiredState {
    /// What tells two desired states apart, as far as the core is concerned: times and modes of files do not.
    enum Gist: Hashable, Sendable {
        case absent
        case profile(ProfileID, ContentDigest, findings: [Diagnostic], Completeness)
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
                active.completeness
            )
        case .unreadable(let id, let finding):
            .fault(id, finding)
        case .fault(let finding), .directoryGone(let finding):
            .fault(nil, finding)
        }
    }

    /// The profile that `active` names; nil if it names none.
    var id: ProfileID? {
        switch self {
        case .profile(let active): active.file.id
        case .unreadable(let id, _): id
        case .absent, .fault, .directoryGone: nil
        }
    }
}

extension DesiredState.Gist {
    /// Whether both mean the same bytes of the same profile, or no profile both.
    func isTheSameChoice(as other: Self) -> Bool {
        if case .profile(let id, let digest, _, _) = self, case .profile(let otherID, let otherDigest, _, _) = other {
            return id == otherID && digest == otherDigest
        }
        return self == other
    }
}
