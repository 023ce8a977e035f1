import Logging
import ProfileDirectory
import Profiles
import Steering

extension ProfileLoader {
    /// Events with the profiles that they are about.
    typealias News = [(kind: LoaderEvent.Kind, profile: ProfileID?)]

    /// Does what the directory asks for, or says why not.
    func carryOut(_ verdict: Verdict, on desired: DesiredState) {
        let before = self.status
        var status = before
        status.desired = LoaderStatus.Desired(desired)
        status.reason = nil
        var news = Self.switches(from: before.desired?.id, to: desired)
        switch verdict {
        case .apply(let plan):
            apply(plan, of: desired, to: &status)
        case .keep:
            status.state = .ok
            // A rollback to what runs already has nothing to apply, and must not be counted later.
            if let id = status.applied?.id, let digest = status.applied?.digest {
                _ = history?.source(of: id, digest: digest)
            }
        case .deactivate:
            if !isUnsteered(status) { apply(.unsteered, of: desired, to: &status) }
            if status.reason == nil { status.state = .inactive }
        case .reject(let reason):
            reject(reason, in: &status)
            if isFresh { applyLastGood(to: &status) }
        }
        isFresh = false
        if status.generation > before.generation { news.append((.applied, status.applied?.id)) }
        if status.counters.rejections > before.counters.rejections { news.append((.rejected, desired.id)) }
        publish(status, news)
    }

    /// Whether nothing is steered, and no file without effect is what says so.
    func isUnsteered(_ status: LoaderStatus) -> Bool {
        status.applied == nil && core.plan == .unsteered
    }

    /// The events that tell of another link than before. A link that cannot be followed is none of them.
    static func switches(from before: ProfileID?, to desired: DesiredState) -> News {
        if let id = desired.id { return id == before ? [] : [(.activated, id)] }
        if let before, desired == .absent { return [(.deactivated, before)] }
        return []
    }

    /// Swaps the core's plan and tells so in the status, whose state becomes `ok`; or `degraded` if the core refuses.
    private func apply(_ plan: SteeringPlan, of desired: DesiredState, to status: inout LoaderStatus) {
        do throws(InferenceError) {
            try core.apply(plan)
        } catch {
            reject(LoaderStatus.Reason(code: error.code.rawValue, message: error.message, since: .now()), in: &status)
            return
        }
        status.state = .ok
        let source = plan.origin.flatMap { history?.source(of: $0.profile, digest: $0.digest) }
        note(plan, from: source ?? .directory, in: &status)
        remember(desired, in: status)
    }

    /// Tells in the status that the core runs a plan.
    func note(_ plan: SteeringPlan, from source: LoaderStatus.Source, in status: inout LoaderStatus) {
        status.generation += 1
        status.counters.applies += 1
        status.applied = plan == .unsteered ? nil : LoaderStatus.Applied(plan, source: source, at: .now())
        logger.info(
            "applied",
            metadata: [
                "profile": "\(plan.origin?.profile.description ?? "none")",
                "source": "\(source.rawValue)",
                "features": .stringConvertible(plan.strengths.count),
                "generation": .stringConvertible(status.generation),
            ]
        )
    }

    private func reject(_ reason: LoaderStatus.Reason, in status: inout LoaderStatus) {
        status.state = .degraded
        status.reason = reason
        status.counters.rejections += 1
        let place = [reason.file, reason.line.map(String.init), reason.column.map(String.init)].compactMap(\.self)
        logger.warning(
            "rejected, the core stays as it is",
            metadata: [
                "code": "\(reason.code)", "at": "\(place.joined(separator: ":"))", "reason": "\(reason.message)",
            ]
        )
    }
}
