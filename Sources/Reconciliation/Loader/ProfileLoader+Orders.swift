package import ProfileDirectory
package import Profiles
package import Steering

// What requests ask of the loader, one after the other.

extension ProfileLoader {
    package func follow(
        _ wanted: ProfileID?,
        isHeld: Bool,
        _ change: @Sendable () async throws(ProfileError) -> Bool
    ) async throws(ProfileError) -> LoaderStatus? {
        await enter()
        defer { turnstile.leave() }
        isLookingAway = isHeld
        let isChanged: Bool
        do throws(ProfileError) {
            isChanged = try await change()
        } catch {
            isLookingAway = false
            await lookUntilSettled()
            _ = await written(status)
            throw error
        }
        isLookingAway = false
        if isHeld, isChanged {
            await hold(wanted)
        } else {
            await lookUntilSettled(isDeliberate: isChanged && wanted == nil)
        }
        let status = await written(self.status)
        return isChanged ? status : nil
    }

    package func steer(by plan: SteeringPlan) async throws(InferenceError) -> LoaderStatus {
        await enter()
        defer { turnstile.leave() }
        // What has changed on disk until now comes first, so that it is not taken for a change that comes after.
        await lookUntilSettled()
        let before = self.status
        var status = before
        var news: News = []
        // What the core runs already, as steering without a file, is not applied again.
        if core.plan != plan {
            try core.apply(plan)
            note(plan, from: .api, in: &status)
            remember(plan, in: status)
            news = [(.applied, nil)]
        }
        if let reading, let acknowledged {
            override = SteeringOverride(gist: acknowledged.gist, link: reading.link)
        }
        status.reason = nil
        if acknowledged?.gist == .absent, plan == .unsteered {
            override = nil
            status.state = .inactive
        } else {
            status.state = .held
            if news.isEmpty, before.state != .held { news = [(.held, nil)] }
        }
        if status != before { publish(status, news) }
        return await written(status)
    }

    /// Takes what the directory says as dealt with, if it is what was wanted; else it is a change like any other.
    private func hold(_ wanted: ProfileID?) async {
        let reading = read()
        let desired = reading.desired
        guard desired == .absent ? wanted == nil : wanted != nil && desired.id == wanted else {
            return await lookUntilSettled()
        }
        acknowledge(sight(of: reading))
        var status = status
        var news = Self.switches(from: status.desired?.id, to: desired)
        status.desired = LoaderStatus.Desired(desired)
        status.reason = nil
        if case .profile(let active) = desired, runs(active.file) {
            status.state = .ok
        } else if desired == .absent, isUnsteered(status) {
            status.state = .inactive
        } else {
            status.state = .held
            override = SteeringOverride(gist: desired.gist, link: reading.link)
            news.append((.held, wanted))
        }
        publish(status, news)
    }

    private func enter() async {
        guard !turnstile.tryToEnter() else { return }
        await withCheckedContinuation { turnstile.wait($0) }
    }
}
