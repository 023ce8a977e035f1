package import HummingbirdCore
import NIOCore

/// What one client may take of the server.
package struct ConnectionLimits: Sendable {
    /// The most connections at once; further ones wait until one ends.
    package var connections = 512
    /// The greatest size of one header or of the request's target, in bytes.
    package var headerFieldSize = 16 << 10
    /// The greatest size of all headers together, in bytes.
    package var headerListSize = 32 << 10
    package var headerCount = 100
    /// The most bytes of a body that are taken in, if only to be thrown away.
    package var bodySize = 4 << 20
    /// How long a connection may be open without a request, the time for the headers included.
    package var idleTime = Duration.seconds(60)
    /// How long a body may take from its first byte to its last.
    package var bodyTime = Duration.seconds(60)
    /// How long a client may leave what was sent to it unread.
    package var stallTime = Duration.seconds(60)

    package init() {}

    /// What accepts connections while there are fewer than may be.
    package var availability: any AvailableConnectionsDelegate { MaximumAvailableConnections(connections) }

    /// The server's HTTP/1.1 under these limits.
    package var server: HTTPServerBuilder {
        .http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionGuard(limits: self)],
                idleTimeout: TimeAmount(idleTime),
                httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                    maxHeaderFieldSize: headerFieldSize,
                    maxHeaderListSize: headerListSize,
                    maxHeaderFieldCount: headerCount
                )
            )
        )
    }
}
