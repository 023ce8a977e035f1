package import ProfileDirectory
package import Profiles
package import Steering

/// What the loader tells the rest of the daemon, and takes from it.
package protocol SteeringController: Sendable {
    /// The status as of now.
    var status: LoaderStatus { get }

    /// The time of the last change of the core's steering; nil before the first.
    var lastApplied: Timestamp? { get }

    /// The status now and after each change; a slow reader misses some, never the newest.
    func statusUpdates() -> AsyncStream<LoaderStatus>

    /// What has happened since an event.
    ///
    /// - Parameter id: The last event that the asker knows of; nil for one that knows nothing.
    func events(after id: LoaderEvent.ID?) -> LoaderEvent.Page

    /// Looks at the directory now.
    ///
    /// - Returns: The status once what the directory says has been applied or rejected.
    func reconcile() async -> LoaderStatus

    /// Makes a change of `active` and brings the core to it; such changes are made one after the other.
    ///
    /// - Parameters:
    ///   - wanted: The profile that `active` will name; nil if it will be gone.
    ///   - isHeld: Whether the core stays as it is until the directory changes again: the state becomes `held`.
    ///   - change: Makes the change and tells whether there was one to make; what it throws is passed on.
    /// - Returns: The status once what the directory says then has been applied, rejected or held; nil if nothing
    ///   was changed.
    func follow(
        _ wanted: ProfileID?,
        isHeld: Bool,
        _ change: @Sendable () async throws(ProfileError) -> Bool
    ) async throws(ProfileError) -> LoaderStatus?

    /// Steers by a plan that comes from no file, until the directory changes: the state becomes `held`.
    ///
    /// - Throws: What the core refuses; then nothing has changed.
    func steer(by plan: SteeringPlan) async throws(InferenceError) -> LoaderStatus
}
