import ArgumentParser
import FileWatching
import Foundation
import HTTPAPI
import Hummingbird
import LlamaCore
import Logging
import NIOCore
import ProfileDirectory
import Profiles
import Reconciliation
import ServiceLifecycle
import Steering
import UnixSignals

/// The composition root: makes every part, hands each what it needs, and runs them together.
struct Daemon {
    /// How long answers may take to end once the daemon has been told to; those that take longer end with an error.
    private static let answeringTime = Duration.seconds(8)
    /// After how long everything ends, whoever still waits. Others than systemd kill a process that takes longer.
    private static let drainingTime = Duration.seconds(10)

    private let configuration: DaemonConfiguration
    private let environment: [String: String]
    private let logger: Logger

    init(_ configuration: DaemonConfiguration, environment: [String: String]) {
        self.configuration = configuration
        self.environment = environment
        var logger = Logger(label: "millmd", factory: { _ in StructuredLogHandler(format: configuration.logFormat) })
        logger.logLevel = configuration.logLevel
        self.logger = logger
    }

    /// Serves until the process is told to end.
    ///
    /// - Throws: An error whose description says what is missing or in the way, and what to do.
    func run() async throws {
        // Until somebody listens for it, it must not end the process.
        signal(SIGHUP, SIG_IGN)
        let hosts = try HostAccess(configuration)
        let found = try StateDirectory(forProfilesIn: configuration.profiles, environment: environment)
        try found.create()
        let lock = try DaemonLock(in: found)
        let state = lock.folder
        try ServedAddress(host: configuration.host, port: configuration.port).check()

        let sae = try configuration.sae.map { try SparseAutoencoder(directory: $0, id: configuration.saeID) }
        if sae == nil {
            logger.warning("no SAE is attached, so no profile that steers can be applied; give one with --sae")
        }
        let core = try loadCore()
        let forceRecord = ForceRecord(in: state)
        let history = AppliedHistory(in: state) { [logger] error in
            logger.warning("the history is incomplete", metadata: ["error": "\(error)"])
        }
        let repository = DirectoryRepository(
            path: configuration.profiles,
            history: history,
            forceRecord: forceRecord,
            daemonLock: lock
        )
        await recover(repository)
        let loader = ProfileLoader(
            directory: repository.reader,
            core: core,
            sae: sae,
            statusFile: StatusFile(in: state),
            forceRecord: forceRecord,
            history: history,
            lock: lock,
            logger: logger
        )
        let watch = try DirectoryWatch(configuration.profiles, pollInterval: configuration.poll)
        // What the directory says is applied before the first request can come.
        _ = await loader.begin(watch)
        let readiness = Readiness()
        let service = ProfileService(repository: repository, core: core, sae: sae, controller: loader)
        let router = buildRouter(
            core: core,
            resolver: service,
            service: service,
            controller: loader,
            readiness: readiness,
            configuration: hosts.apiConfiguration
        )
        let connections = ConnectionTable(logger: logger)
        let server = Application(
            router: router,
            server: connections.server,
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: connections
            ),
            onServerRunning: { channel in
                readiness.markReady()
                announce(channel.localAddress, loader.status)
            },
            logger: logger
        )
        // They end in reverse order: first no more requests, last the core that answers them.
        let services: [any Service] = [
            CoreService(core: core),
            LoaderService(loader: loader, watch: watch),
            HangupService(loader: loader),
            ServerService(server: server, core: core, patience: Self.answeringTime),
            DrainingService(readiness: readiness, logger: logger),
        ]
        defer { withExtendedLifetime(lock) {} }
        try await run(services)
    }

    private func run(_ services: [any Service]) async throws {
        var settings = ServiceGroupConfiguration(
            services: services.map {
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: $0,
                    successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup
                )
            },
            gracefulShutdownSignals: [.sigterm, .sigint],
            cancellationSignals: [.sigquit],
            logger: logger
        )
        settings.maximumGracefulShutdownDuration = Self.drainingTime
        let group = ServiceGroup(configuration: settings)
        do {
            try await group.run()
        } catch let error as IOError {
            let address = ServedAddress(host: configuration.host, port: configuration.port)
            throw address.unavailable(error.errnoCode) ?? error
        }
    }

    /// Finishes what a crash has left. A directory that cannot be written, or is not there yet, is served all the same.
    private func recover(_ repository: DirectoryRepository) async {
        guard FileManager.default.fileExists(atPath: configuration.profiles) else {
            let path: Logger.Metadata = ["path": "\(configuration.profiles)"]
            return logger.warning("the directory of profiles is not there; it is waited for", metadata: path)
        }
        do {
            try await repository.recover()
        } catch {
            logger.warning(
                "what a crash may have left in the directory could not be mended",
                metadata: ["error": "\(error)"]
            )
        }
    }

    private func loadCore() throws -> LlamaCore {
        logger.info("loading the model", metadata: ["path": "\(configuration.model)"])
        return try LlamaCore(
            LlamaCore.Configuration(
                modelPath: configuration.model,
                modelName: configuration.modelName,
                parallel: configuration.parallel,
                contextLength: configuration.context,
                threads: configuration.threads,
                log: { [logger] level, message in logger.log(level: Logger.Level(level), "\(message)") }
            )
        )
    }

    /// Says on standard output where the daemon serves, and with what.
    private func announce(_ address: SocketAddress?, _ status: LoaderStatus) {
        let steering = status.applied?.id.map { "profile '\($0)'" } ?? "no profile"
        let place = ServedAddress(host: configuration.host, port: address?.port ?? configuration.port)
        let line = "millmd serves \(status.model.name) at http://\(place) with \(steering)\n"
        // Nobody need be reading.
        try? FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
    }
}

extension Logger.Level {
    fileprivate init(_ level: LlamaCore.LogLevel) {
        self =
            switch level {
            case .debug: .trace  // libllama tells its every step
            case .info: .debug
            case .warning: .warning
            case .error: .error
            }
    }
}
