import FileWatching
import FoundationEssentials
import MillmTesting
import ProfileDirectory
import Profiles
import Testing

/// Stands in for the daemon: holds its lock and writes its status when the directory changes.
struct FakeDaemon {
    /// What to do with the profile that the link points at.
    enum Manner: Equatable {
        case applies, rejects, staysSilent
        /// Before it looks, somebody has made another link.
        case isOvertaken(by: String)
    }

    let bench: Bench
    var manner = Manner.applies

    /// The status of a daemon that has just started.
    static func initialStatus(pid: Int32) -> LoaderStatus {
        LoaderStatus(
            pid: pid,
            mode: .inotify,
            model: LoaderStatus.Model(name: "Echo-1B", embeddingSize: 8, layerCount: 4),
            sae: LoaderStatus.SAE(id: "echo-l2", layer: 2, featureCount: 16)
        )
    }

    /// Serves the directory while the body runs.
    func whileServing(_ body: () async throws -> Void) async throws {
        let found = try bench.state
        try found.create()
        let lock = try DaemonLock(in: found)
        let state = lock.folder
        let pid = try #require(DaemonLock.holder(in: state))
        try StatusFile(in: state).write(Self.initialStatus(pid: pid))
        let watch = try DirectoryWatch(bench.profiles)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await follow(watch, from: Self.initialStatus(pid: pid), in: state) }
            try await body()
            group.cancelAll()
        }
        withExtendedLifetime(lock) {}
    }

    private func follow(_ watch: DirectoryWatch, from initial: LoaderStatus, in state: StateDirectory) async throws {
        guard manner != .staysSilent else { return }
        let repository = DirectoryRepository(path: bench.profiles)
        var status = initial
        for await _ in watch {
            var active = try? await repository.active()
            if case .isOvertaken(let target) = manner, let found = active, found.fileName != target {
                // As by an 'ln -sf' that takes the old link away first.
                try FileManager.default.removeItem(atPath: "\(bench.profiles)/active")
                try await Task.sleep(for: .milliseconds(20))
                try bench.link(to: target)
                active = try? await repository.active()
            }
            let next = self.status(after: status, active: active)
            guard next != status else { continue }
            status = next
            try StatusFile(in: state).write(status)
        }
    }

    /// What the daemon would write when `active` is the profile.
    private func status(after last: LoaderStatus, active: ProfileFile?) -> LoaderStatus {
        var status = last
        status.desired = active.map { LoaderStatus.Desired(id: $0.id, digest: $0.digest) }
        guard status.desired != last.desired else { return last }
        guard let active else {
            status.state = .inactive
            status.applied = nil
            status.reason = nil
            status.generation += 1
            return status
        }
        guard manner != .rejects, let profile = active.profile else {
            status.state = .degraded
            status.reason = LoaderStatus.Reason(
                code: "P040",
                message: "feature 1 does not exist",
                file: "profiles/\(active.fileName)",
                line: 6,
                column: 12,
                since: Timestamp(microseconds: 0)
            )
            return status
        }
        status.state = .ok
        status.generation += 1
        status.applied = LoaderStatus.Applied(
            id: active.id,
            digest: active.digest,
            planDigest: active.digest,
            features: profile.steering.count,
            source: .directory,
            at: Timestamp(microseconds: 0)
        )
        return status
    }
}
