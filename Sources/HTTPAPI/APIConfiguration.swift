package import Profiles

/// What the API's behaviour depends on besides its collaborators.
package struct APIConfiguration: Sendable {
    /// Which names a request may address the server by.
    package var hosts: HostPolicy
    /// The tokens of which every request must carry one, health probes excepted; nil asks for none.
    package var tokens: AccessTokens?
    /// The profiles' directory as errors name it, which no client is told; nil if there is none to hide.
    package var directory: String?
    /// The greatest size of a request's body in bytes.
    package var bodyLimit: Int
    /// How often a stream of events in which nothing happens says that it is still there.
    package var heartbeat: Duration
    /// The most clients that follow events at once: each has a connection to itself, of all that there may be.
    package var eventFollowers: Int
    /// The wall clock.
    package var now: @Sendable () -> Timestamp

    package init(
        hosts: HostPolicy = .loopback,
        tokens: AccessTokens? = nil,
        directory: String? = nil,
        bodyLimit: Int = ConnectionLimits().invitedBodySize,
        heartbeat: Duration = .seconds(15),
        eventFollowers: Int = ConnectionLimits().connections / 4,
        now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
    ) {
        self.hosts = hosts
        self.tokens = tokens
        self.directory = directory
        self.bodyLimit = bodyLimit
        self.heartbeat = heartbeat
        self.eventFollowers = eventFollowers
        self.now = now
    }
}
