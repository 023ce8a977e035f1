import ArgumentParser
import Foundation
import Profiles

/// `millmd`: the loader, the inference core and the HTTP API in one process.
@main
struct Millmd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "millmd",
        abstract: "Serves a language model that is steered by the active profile.",
        discussion: """
            Watches the directory of profiles and applies every valid change to the running model within \
            milliseconds. Each option is also read from the environment: --model-name from MILLM_MODEL_NAME.

            SIGTERM and SIGINT finish what is under way and end; SIGHUP looks at the whole directory again.

            EXIT CODES:
              0   ended as told
              1   something is missing or in the way: the model, the SAE, the port, or a daemon for the same directory
              64  wrong usage
            """,
        version: Product.version
    )

    @OptionGroup var options: DaemonOptions

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let configuration = try DaemonConfiguration(
            options,
            environment: environment,
            fileExists: { FileManager.default.fileExists(atPath: $0) }
        )
        try await Daemon(configuration, environment: environment).run()
    }
}
