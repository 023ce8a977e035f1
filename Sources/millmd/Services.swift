import FileWatching
import HTTPAPI
import LlamaCore
import Logging
import Reconciliation
import ServiceLifecycle
import UnixSignals

/// Keeps the core until everything else has ended, and lets it finish what it has begun.
struct CoreService: Service {
    let core: LlamaCore

    func run() async throws {
        try? await gracefulShutdown()
        await core.shutdown()
    }
}

/// Serves, and when the end has come lets answers under way come to theirs, but not for ever: whoever waits is told.
struct ServerService: Service {
    let server: any Service
    let core: LlamaCore
    /// How long answers may still take.
    let patience: Duration

    func run() async throws {
        // Ends with the server.
        async let _ = giveUpAnswers()
        try await server.run()
    }

    private func giveUpAnswers() async {
        do {
            try await gracefulShutdown()
            try await Task.sleep(for: patience)
            core.abort()
        } catch {
            // The server has ended before.
        }
    }
}

/// Watches the directory and follows what it says.
struct LoaderService: Service {
    let loader: ProfileLoader
    let watch: DirectoryWatch

    func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            await loader.follow(watch)
        } onCancelOrGracefulShutdown: {
            watch.stop()
        }
    }
}

/// Looks at the whole directory again on SIGHUP, as daemons do.
struct HangupService: Service {
    let loader: ProfileLoader

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            await loader.rescan()
        }
    }
}

/// Tells load balancers and the log when the end has begun; as the last of the services it is the first to hear of it.
struct DrainingService: Service {
    let readiness: Readiness
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        logger.notice("ending as told; what is under way is finished first")
        readiness.markDraining()
    }
}
