import FileWatching
import Foundation
import Logging
import MillmTesting
import ProfileDirectory
import Profiles
import Reconciliation
import Steering

/// A real directory, a tiny SAE, a deterministic core and a loader between them.
struct Workbench {
    let root: String
    let core: EchoCore
    let sae: SparseAutoencoder
    let state: StateDirectory
    let history: AppliedHistory
    let loader: ProfileLoader

    var profiles: String { root + "/profiles" }

    /// What people do with the profiles.
    var service: ProfileService {
        ProfileService(
            repository: DirectoryRepository(path: profiles, history: history, forceRecord: ForceRecord(in: state)),
            core: core,
            sae: sae,
            controller: loader
        )
    }

    /// Runs the body with a workbench in a temporary directory.
    static func with(_ body: (Workbench) async throws -> Void) async throws {
        try await withTemporaryDirectory { root in
            try await body(Workbench(root: root))
        }
    }

    private init(root: String) throws {
        try FileManager.default.createDirectory(atPath: root + "/profiles", withIntermediateDirectories: true)
        try TinySAE().write(to: root + "/tiny-sae")
        let state = try StateDirectory(
            forProfilesIn: root + "/profiles",
            environment: ["XDG_STATE_HOME": root + "/state"]
        )
        try state.create()
        self.init(root: root, sae: try SparseAutoencoder(directory: root + "/tiny-sae", id: nil), state: state)
    }

    private init(root: String, sae: SparseAutoencoder, state: StateDirectory) {
        self.root = root
        self.sae = sae
        self.state = state
        core = EchoCore()
        history = AppliedHistory(in: state)
        loader = ProfileLoader(
            directory: ActiveProfileReader(path: root + "/profiles"),
            core: core,
            sae: sae,
            statusFile: StatusFile(in: state),
            forceRecord: ForceRecord(in: state),
            history: history,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    /// The same directory under a daemon that has just started.
    func restarted() -> Workbench {
        Workbench(root: root, sae: sae, state: state)
    }

    /// Writes a profile's file the way editors that replace files do.
    func write(_ text: String, to name: String) throws {
        try text.write(toFile: profiles + "/" + name, atomically: true, encoding: .utf8)
    }

    /// Points `active` somewhere, the way `ln -sfn` does.
    func link(to target: String) throws {
        let temporary = profiles + "/.link"
        try? FileManager.default.removeItem(atPath: temporary)
        try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: target)
        _ = unsafe rename(temporary, profiles + "/active")
    }

    func unlink(_ name: String) throws {
        try FileManager.default.removeItem(atPath: profiles + "/" + name)
    }

    /// Runs the body while the loader follows the real directory's events.
    ///
    /// - Parameter interval: A poll that rare cannot be what makes a test pass.
    func following(pollingEvery interval: Duration = .seconds(3600), _ body: () async throws -> Void) async throws {
        let watch = try DirectoryWatch(profiles, pollInterval: interval)
        try await withThrowingTaskGroup { group in
            group.addTask { await loader.follow(watch) }
            try await body()
            watch.stop()
        }
    }

    /// Waits until the loader's status is so.
    @discardableResult
    func status(where condition: @escaping @Sendable (LoaderStatus) -> Bool) async throws -> LoaderStatus {
        try await first(of: loader.statusUpdates(), where: condition)
    }
}
