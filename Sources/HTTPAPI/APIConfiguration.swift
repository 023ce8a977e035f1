package import Profiles

/// What the API's behaviour depends on besides its collaborators.
package struct APIConfiguration: Sendable {
    /// Which names a request may address the server by.
    package var hosts: HostPolicy
    /// The token that every request must carry, health probes excepted; nil asks for none.
    package var token: BearerToken?
    /// The greatest size of a request's body in bytes.
    package var bodyLimit: Int
    /// How often a stream of events in which nothing happens says that it is still there.
    package var heartbeat: Duration
    /// The wall clock.
    package var now: @Sendable () -> Timestamp

    package init(
        hosts: HostPolicy = .loopback,
        token: BearerToken? = nil,
        bodyLimit: Int = 1 << 20,
        heartbeat: Duration = .seconds(15),
        now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
    ) {
        self.hosts = hosts
        self.token = token
        self.bodyLimit = bodyLimit
        self.heartbeat = heartbeat
        self.now = now
    }
}
