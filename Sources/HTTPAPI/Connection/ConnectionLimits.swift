/// What one client may take of the server.
package struct ConnectionLimits: Sendable {
    /// The most connections at once. Beyond, one that waits for a request makes room; if none does, the next one waits.
    package var connections = 512
    /// How long a connection may wait for a request before it makes room for others, if there are too many. A client
    /// that has just connected sends its request within it.
    package var graceTime = Duration.milliseconds(500)
    /// The greatest size of one header or of the request's target, in bytes.
    package var headerFieldSize = 16 << 10
    /// The greatest size of all headers together, in bytes.
    package var headerListSize = 32 << 10
    package var headerCount = 100
    /// The greatest body in bytes that a client is told to send if it asks before. With a greater one it is answered,
    /// and the connection is closed.
    package var invitedBodySize = 1 << 20
    /// The most bytes of a body that are taken in, if only to be thrown away.
    package var bodySize = 4 << 20
    /// How long a new connection may take until the headers of its first request are there.
    package var firstHeaderTime = Duration.seconds(10)
    /// How long a connection may stay open between two requests, the time for the headers of the second included.
    package var idleTime = Duration.seconds(60)
    /// How long a body may take from its first byte to its last.
    package var bodyTime = Duration.seconds(60)
    /// How long a client may leave what was sent to it unread before it makes room for others, if there are too many.
    package var unreadTime = Duration.seconds(10)
    /// How long a client may leave what was sent to it unread.
    package var stallTime = Duration.seconds(60)

    package init() {}
}
