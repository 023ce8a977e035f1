import ProfileDirectory
import Profiles
import Steering

// What outlives the daemon: the count of generations, and what the core ran.

extension ProfileLoader {
    /// No daemon has ever counted so far; who reads more than that reads no count.
    private static let generationLimit = 1 << 48

    /// Goes on with the count of the daemon before, so that a generation never comes twice.
    func continueCounting() {
        let ofStatus = (try? statusFile?.read())?.generation
        let ofHistory = (try? history?.applied())?.compactMap(\.generation).first
        let counts = [ofStatus, ofHistory].compactMap(\.self).filter { $0 < Self.generationLimit }
        guard let last = counts.max(), last > status.generation else { return }
        var status = status
        status.generation = last
        board.publish(status, [])
    }

    /// Keeps the bytes of the profile that the core has taken over.
    func remember(_ desired: DesiredState, in status: LoaderStatus) {
        guard case .profile(let active) = desired else { return remember(nil, fileName: nil, in: status) }
        remember(active.bytes, fileName: active.file.fileName, in: status)
    }

    /// Keeps steering that was set without a file, as the profile that it would be.
    func remember(_ plan: SteeringPlan, in status: LoaderStatus) {
        guard plan != .unsteered else { return remember(nil, fileName: nil, source: .api, in: status) }
        let profile = Profile(
            name: "Live steering",
            description: "Set through the API, without a file.",
            model: core.model.name,
            sae: plan.sae,
            layer: plan.layer,
            steering: plan.strengths
        )
        remember(ProfileEncoder.yaml(profile), fileName: nil, source: .api, in: status)
    }

    private func remember(
        _ bytes: [UInt8]?,
        fileName: String?,
        source: LoaderStatus.Source = .directory,
        in status: LoaderStatus
    ) {
        let applied = status.applied
        history?.record(
            HistoryRecord(
                .applied,
                id: applied?.id,
                fileName: fileName,
                bytes: bytes,
                planDigest: core.plan.digest,
                features: applied?.features,
                source: applied?.source ?? source,
                at: applied?.at ?? .now(),
                generation: status.generation
            )
        )
    }

    /// Applies what the daemon before ran, as the directory has nothing that could be applied: the last known good
    /// (SPEC §4) outlives a restart. The state stays `degraded`.
    func applyLastGood(to status: inout LoaderStatus) {
        guard let last = try? history?.lastGood(), let id = last.entry.id, let digest = last.entry.digest else {
            return
        }
        let fileName = last.entry.fileName ?? "\(id).yaml"
        let file = ProfileFile(
            id: id,
            fileName: fileName,
            path: fileName,
            digest: digest,
            createdAt: last.entry.at,
            updatedAt: last.entry.at,
            decoded: ProfileDecoder.decode(last.bytes, file: fileName)
        )
        // It was applied before, so whatever its names are, that was wanted. Another model or SAE may not take it.
        guard let plan = try? compiler.plan(for: file, force: true), (try? core.apply(plan)) != nil else { return }
        note(plan, from: last.entry.source ?? .directory, in: &status)
        // It is what the history ends with already, unless that gets lost.
        remember(last.bytes, fileName: fileName, in: status)
    }
}
