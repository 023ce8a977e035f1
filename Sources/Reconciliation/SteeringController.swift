package import ProfileDirectory

/// What the loader tells the rest of the daemon, and takes from it.
package protocol SteeringController: Sendable {
    /// The status as of now.
    var status: LoaderStatus { get }

    /// The status now and after each change; a slow reader misses some, never the newest.
    func statusUpdates() -> AsyncStream<LoaderStatus>

    /// Looks at the directory now.
    ///
    /// - Returns: The status once what the directory says has been applied or rejected.
    func reconcile() async -> LoaderStatus
}
