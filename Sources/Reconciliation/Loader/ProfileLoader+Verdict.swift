import ProfileDirectory
import Profiles
import Steering

extension ProfileLoader {
    /// What is to be done about what the directory says.
    enum Verdict {
        /// A valid profile that the core does not run yet.
        case apply(SteeringPlan)
        /// The core runs it already.
        case keep
        /// No profile is active.
        case deactivate
        /// It cannot be applied: the core goes on as it is.
        case reject(LoaderStatus.Reason)

        var isDeactivation: Bool {
            if case .deactivate = self { true } else { false }
        }

        /// How long to wait before it counts; nil counts at once.
        ///
        /// - Parameter isReplaced: Whether the path leads to another directory than before: one that is being
        ///   copied or restored gets its link last.
        func settlingTime(of desired: DesiredState, inAnotherDirectory isReplaced: Bool) -> Duration? {
            if case .profile(let active) = desired, active.completeness != .whole { return active.completeness.rest }
            if case .deactivate = self, isReplaced { return ProfileLoader.writingTime }
            switch self {
            case .apply, .keep: return nil
            case .deactivate, .reject: return ProfileLoader.settlingTime
            }
        }
    }

    func verdict(on desired: DesiredState, isForced: Bool) -> Verdict {
        switch desired {
        case .absent:
            return .deactivate
        case .fault(let finding), .directoryGone(let finding), .unreadable(_, let finding):
            return .reject(LoaderStatus.Reason(finding))
        case .profile(let active):
            do throws(ProfileError) {
                if runs(active.file) {
                    try compiler.check(active.file, force: isForced)
                    return .keep
                }
                return .apply(try compiler.plan(for: active.file, force: isForced))
            } catch {
                return .reject(LoaderStatus.Reason(error))
            }
        }
    }

    /// Whether the core runs what the file says, because the file says so.
    func runs(_ file: ProfileFile) -> Bool {
        guard let applied = status.applied, applied.source != .api else { return false }
        return applied.id == file.id && applied.digest == file.digest
    }
}
