/// Profiles that are kept somewhere, at most one of which is active.
///
/// The product's only implementation keeps them as files in a directory. Every operation is atomic: it
/// happened as a whole or not at all, whatever else reads or writes the directory meanwhile.
package protocol ProfileRepository: Sendable {
    /// All profile files, the invalid ones included, sorted by display name.
    func all() async throws(ProfileError) -> [ProfileFile]

    /// - Throws: `.notFound`; `.invalidFormat` is not thrown, an invalid file is returned with its findings.
    func profile(_ id: ProfileID) async throws(ProfileError) -> ProfileFile

    /// Whether one of some profiles, or `active` for nil, has changed or vanished since a time, or may have: what was
    /// read of it can be half of a change. What has never been there has not, whatever happens beside it.
    func hasChanged(_ ids: [ProfileID?], since start: ContinuousClock.Instant) async -> Bool

    /// The profile with a display name; nil if there is none.
    func profile(named name: String) async throws(ProfileError) -> ProfileFile?

    /// No profile has the id that was given; which one may be meant, as far as the last look tells.
    ///
    /// - Complexity: Bounded, however many profiles there are: anybody may ask for what is not there.
    func unknown(_ word: String) async -> ProfileError

    /// The profile that the `active` link points at; nil if there is no link.
    ///
    /// - Throws: `.activeLinkBroken` if there is something at `active` that cannot be followed.
    func active() async throws(ProfileError) -> ProfileFile?

    /// Writes a new file.
    ///
    /// - Parameter id: The id; nil makes one from the display name, with a number on collision.
    /// - Throws: `.alreadyExists` for a taken id or display name, `.invalidValue`.
    func create(_ profile: Profile, id: ProfileID?) async throws(ProfileError) -> ProfileFile

    /// Writes several profiles, all or none of them; their ids are made from their display names.
    ///
    /// - Parameter replacing: Whether a profile that has the display name already takes over the new values.
    /// - Returns: Each profile's file as it is now, and whether it is new.
    /// - Throws: `.alreadyExists` for a taken or repeated display name, `.invalidValue`, `.invalidFormat`, `.conflict`.
    func importAll(
        _ imports: [ProfileImport],
        replacing: Bool
    ) async throws(ProfileError) -> [(file: ProfileFile, isNew: Bool)]

    /// Changes the given fields and leaves every other byte of the file as it is.
    ///
    /// - Parameter expected: The digest that the change is based on; nil takes whatever is there.
    /// - Throws: `.notFound`, `.conflict`, `.alreadyExists` for a taken display name, `.invalidValue`.
    func update(
        _ id: ProfileID,
        _ changes: ProfileChanges,
        expecting expected: ContentDigest?
    ) async throws(ProfileError) -> ProfileFile

    /// Gives a profile another id. If it is the active one, the link moves along.
    ///
    /// - Parameter name: Another display name, too; nil keeps it.
    /// - Throws: `.notFound`, `.conflict`, `.alreadyExists` for a taken id or display name, `.invalidValue`;
    ///   `.invalidFormat` if a new name is to be written into an invalid file.
    func rename(_ id: ProfileID, to newID: ProfileID, name: String?) async throws(ProfileError) -> ProfileFile

    /// Writes a copy of a profile, comments included.
    ///
    /// - Parameters:
    ///   - newID: The copy's id; nil makes one from its display name.
    ///   - name: The copy's display name; nil adds a number to the original's.
    /// - Throws: `.notFound`, `.alreadyExists`, `.invalidValue`, `.invalidFormat` if there is no valid profile to copy.
    func copy(_ id: ProfileID, to newID: ProfileID?, name: String?) async throws(ProfileError) -> ProfileFile

    /// - Throws: `.notFound`, `.conflict`, `.active` for the active one.
    func delete(_ id: ProfileID, expecting expected: ContentDigest?) async throws(ProfileError)

    /// Makes the profile the only active one.
    ///
    /// - Parameters:
    ///   - forced: Whether names that do not match what is loaded are passed over, until another profile is activated.
    ///   - patience: How long to wait for another writer; nil takes the repository's own.
    /// - Throws: `.notFound`; `.invalidFormat` if the file is no valid profile; `.busy`.
    func setActive(_ id: ProfileID, forced: Bool, patience: Duration?) async throws(ProfileError)

    /// Removes the `active` link if it points at the profile, and leaves another one's alone.
    ///
    /// - Parameter patience: How long to wait for another writer; nil takes the repository's own.
    /// - Returns: Whether the profile was the active one.
    /// - Throws: `.notFound`, `.busy`.
    @discardableResult
    func deactivate(_ id: ProfileID, patience: Duration?) async throws(ProfileError) -> Bool

    /// Removes the `active` link.
    ///
    /// - Parameter patience: How long to wait for another writer; nil takes the repository's own.
    /// - Returns: Whether there was one.
    /// - Throws: `.busy`.
    @discardableResult
    func deactivateAll(patience: Duration?) async throws(ProfileError) -> Bool

    /// How long a writer waits for another one, which normally needs milliseconds.
    var patience: Duration { get }
}

extension ProfileRepository {
    /// Makes the profile the only active one.
    ///
    /// - Throws: `.notFound`; `.invalidFormat` if the file is no valid profile.
    package func setActive(_ id: ProfileID, forced: Bool = false) async throws(ProfileError) {
        try await setActive(id, forced: forced, patience: nil)
    }

    /// Removes the `active` link if it points at the profile, and leaves another one's alone.
    ///
    /// - Returns: Whether the profile was the active one.
    /// - Throws: `.notFound`.
    @discardableResult
    package func deactivate(_ id: ProfileID) async throws(ProfileError) -> Bool {
        try await deactivate(id, patience: nil)
    }

    /// Removes the `active` link.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    package func deactivateAll() async throws(ProfileError) -> Bool {
        try await deactivateAll(patience: nil)
    }
}

/// Which fields of a profile to change. `nil` leaves a field as it is; for an optional field
/// `.some(nil)` removes it from the file.
package struct ProfileChanges: Hashable, Sendable {
    package var name: String?
    package var description: String??
    package var model: String??
    package var sae: String??
    package var layer: Int??
    /// Replaces all features.
    package var steering: [Int: Double]?

    package init(
        name: String? = nil,
        description: String?? = nil,
        model: String?? = nil,
        sae: String?? = nil,
        layer: Int?? = nil,
        steering: [Int: Double]? = nil
    ) {
        self.name = name
        self.description = description
        self.model = model
        self.sae = sae
        self.layer = layer
        self.steering = steering
    }
}
