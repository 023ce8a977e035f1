import ArgumentParser
import Foundation
import HTTPAPI

/// Who may talk to the daemon: everybody on this machine, or whoever brings the token.
struct HostAccess {
    let apiConfiguration: APIConfiguration

    /// - Throws: `ValidationError` if the daemon would serve other machines without a token, or if the token
    ///   cannot be read or is not secret.
    init(_ configuration: DaemonConfiguration) throws {
        let token = try configuration.tokenFile.map(Self.token)
        let isLoopback = HostPolicy.loopback.accepts(
            configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        )
        guard isLoopback || token != nil else {
            throw ValidationError(
                "--host \(configuration.host) would let other machines in. Give a token with --token-file, or serve on 127.0.0.1."
            )
        }
        apiConfiguration = APIConfiguration(hosts: isLoopback ? .loopback : .any, token: token)
    }

    private static func token(in path: String) throws -> BearerToken {
        let attributes: [FileAttributeKey: Any]
        let text: String
        do {
            attributes = try FileManager.default.attributesOfItem(atPath: path)
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ValidationError("The token file '\(path)' cannot be read: \(error.localizedDescription)")
        }
        if let mode = attributes[.posixPermissions] as? Int, mode & 0o077 != 0 {
            throw ValidationError("Others may read the token file '\(path)'. Run 'chmod 600 \(path)'.")
        }
        guard let token = BearerToken(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw ValidationError("The token file '\(path)' is empty.")
        }
        return token
    }
}
