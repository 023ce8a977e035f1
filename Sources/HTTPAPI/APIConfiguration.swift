package import Profiles

/// What the API's behaviour depends on besides its collaborators.
package struct APIConfiguration: Sendable {
    /// Which names a request may address the server by.
    package var hosts: HostPolicy
    /// The token that every request must carry, health probes excepted; nil asks for none.
    package var token: BearerToken?
    /// The greatest size of a request's body in bytes.
    package var bodyLimit: Int
    /// The wall clock.
    package var now: @Sendable () -> Timestamp

    package init(
        hosts: HostPolicy = .loopback,
        token: BearerToken? = nil,
        bodyLimit: Int = 1 << 20,
        now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
    ) {
        self.hosts = hosts
        self.token = token
        self.bodyLimit = bodyLimit
        self.now = now
    }
}
