import ArgumentParser
import HTTPAPI

/// Who may talk to the daemon: everybody on this machine, or whoever brings a token.
struct HostAccess {
    let apiConfiguration: APIConfiguration

    /// - Throws: `ValidationError` if the daemon would serve other machines without a token, or if a token cannot be
    ///   read or is not secret.
    init(_ configuration: DaemonConfiguration) throws {
        let tokens = AccessTokens(
            write: try configuration.tokenFile.map { try TokenFile(path: $0).token() },
            read: try configuration.readTokenFile.map { try TokenFile(path: $0).token() }
        )
        let isLoopback = HostPolicy.loopback.accepts(
            configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        )
        guard isLoopback || tokens != nil else {
            throw ValidationError(
                "--host \(configuration.host) would let other machines in. Give a token with --token-file, or serve on 127.0.0.1."
            )
        }
        apiConfiguration = APIConfiguration(
            hosts: isLoopback ? .loopback : .any,
            tokens: tokens,
            directory: configuration.profiles
        )
    }
}
