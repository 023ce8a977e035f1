import FileWatching
import Glibc
package import Profiles

/// The profiles of one directory; the active one is named by the link `active`.
///
/// The directory is the only truth: every operation opens it by its path, looks at the files again and
/// reads those that have changed. Its work runs on a queue of its own, never on the cooperative pool.
///
/// ```swift
/// let repository = DirectoryRepository(path: "profiles")
/// try await repository.setActive(ProfileID("king-james"))
/// ```
package actor DirectoryRepository {
    /// The directory as the user named it.
    package nonisolated let path: String
    /// Where written and displaced bytes are kept; nil keeps none.
    let history: AppliedHistory?
    /// Where it is kept which activation was forced; nil keeps it nowhere.
    let forceRecord: ForceRecord?
    /// The right to write in the daemon's name; nil asks for none.
    let daemonLock: DaemonLock?
    /// How long a writer waits for another one.
    package nonisolated let patience: Duration
    private let executor = FileExecutor()
    var snapshot = DirectorySnapshot()
    /// What has changed since the snapshot was taken; nil until it has been taken twice.
    private var journal: ChangeJournal?
    /// When all files were looked at for the first time.
    private var firstScan: ContinuousClock.Instant?
    /// What `active` said at the last look; nil before the first.
    private var lastLink: ActiveLink?
    /// When `active` was looked at for the first time.
    private var firstLinkLook: ContinuousClock.Instant?

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// - Parameters:
    ///   - path: The directory, which need not be there yet.
    ///   - history: Where written and displaced bytes are kept, and what a rollback takes them from.
    ///   - forceRecord: Where it is kept which activation was forced; nil forces none beyond the moment.
    ///   - daemonLock: The daemon's right to serve the directory: nothing is written to one that another daemon serves.
    ///   - patience: How long a writer waits for another one, which normally needs milliseconds.
    package init(
        path: String,
        history: AppliedHistory? = nil,
        forceRecord: ForceRecord? = nil,
        daemonLock: DaemonLock? = nil,
        patience: Duration = .seconds(5)
    ) {
        self.path = path
        self.history = history
        self.forceRecord = forceRecord
        self.daemonLock = daemonLock
        self.patience = patience
    }

    /// Reads the active profile without looking at the others.
    package nonisolated var reader: ActiveProfileReader { ActiveProfileReader(path: path) }

    /// Everything that is wrong in the directory, `active` included, sorted by file.
    ///
    /// - Throws: `.inputOutput` if the directory cannot be read.
    package func validate() throws(ProfileError) -> [Diagnostic] {
        let directory = try open()
        var findings =
            try refreshedFiles(in: directory, atMostOld: .zero).flatMap(\.diagnostics) + snapshot.nameFindings
        if case .broken(let finding) = try activeLink(in: directory) { findings.append(finding) }
        // Those of one file stay in the order in which they were found.
        return findings.enumerated()
            .sorted { ($0.element.location.file, $0.offset) < ($1.element.location.file, $1.offset) }
            .map(\.element)
    }

    /// What `active` says.
    ///
    /// - Throws: `.inputOutput` if the directory cannot be read.
    package func activeLink() throws(ProfileError) -> ActiveLink {
        let directory = try open()
        return try activeLink(in: directory)
    }

    func activeLink(in directory: borrowing DirectoryHandle) throws(ProfileError) -> ActiveLink {
        let link: ActiveLink
        do {
            link = try ActiveLink(in: directory)
        } catch {
            throw ProfileError("'\(directory.display(ProfileFileName.active))' cannot be read", error)
        }
        if lastLink?.isTarget == true, !link.isTarget { snapshot.losses.note(nil) }
        if firstLinkLook == nil { firstLinkLook = .now }
        lastLink = link
        return link
    }

    /// Forgets a profile, or `active` if it is nil, that was taken away on purpose: nobody needs to wait for it.
    func forget(_ id: ProfileID?, in directory: borrowing DirectoryHandle) {
        // What the journal holds of it by now is not news later.
        if journal != nil { try? refresh(in: directory) }
        if let id {
            for name in id.fileNames { _ = try? snapshot.look(at: name, id: id, in: directory) }
        } else {
            lastLink = .absent
        }
        snapshot.losses.forget(id)
    }

    /// Opens the directory for reading: what is seen in it is whole.
    func open() throws(ProfileError) -> DirectoryHandle {
        var directory = try openAsItIs()
        do {
            try finishDecided(in: &directory)
            return directory
        } catch {
            throw ProfileError("The directory '\(path.escapedForDisplay)' cannot be read", error)
        }
    }

    /// Opens the directory for writing, which finishes what was interrupted once it has the lock.
    func openAsItIs() throws(ProfileError) -> DirectoryHandle {
        do {
            return try DirectoryHandle(path)
        } catch {
            throw ProfileError("The directory '\(path.escapedForDisplay)' cannot be read", error)
        }
    }

    /// All files, as they are now.
    ///
    /// - Parameter age: How long ago all of them may have been looked at. What events told of since is known in any
    ///   case; what none tells of is a write through a mapping, or through a name outside.
    func refreshedFiles(
        in directory: borrowing DirectoryHandle,
        atMostOld age: Duration = .seconds(2)
    ) throws(ProfileError) -> [ProfileFile] {
        try refresh(in: directory, atMostOld: age)
        return snapshot.files(in: path)
    }

    /// Brings the snapshot up to date. Where the kernel tells of changes, the cost depends on their number alone.
    ///
    /// - Parameter age: How long ago all files may have been looked at; nil relies on events.
    func refresh(
        in directory: borrowing DirectoryHandle,
        atMostOld age: Duration? = nil
    ) throws(ProfileError) {
        do throws(SystemError) {
            let identity = DirectoryIdentity(try FileStatus(of: directory.descriptor))
            if directory.view.isPlain, journal?.directory == identity, let names = journal?.names() {
                if let lastScan = journal?.lastScan, age.map({ ContinuousClock.now - lastScan < $0 }) ?? true {
                    if names.contains(FileName(ProfileFileName.active)) { snapshot.losses.note(nil) }
                    return try snapshot.refresh(names, in: directory)
                }
            } else {
                // A command that looks once needs none.
                journal = firstScan != nil && directory.view.isPlain ? ChangeJournal(directory) : nil
            }
            let start = ContinuousClock.now
            try snapshot.refresh(in: directory)
            journal?.lastScan = start
            if firstScan == nil { firstScan = .now }
        } catch {
            journal = nil
            throw ProfileError("The directory '\(path.escapedForDisplay)' cannot be read", error)
        }
    }

    /// The file of an id, with the finding that it is not the only one.
    ///
    /// - Parameter fileName: Which of several it is; nil takes the first.
    func file(
        of id: ProfileID,
        named fileName: String? = nil,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> ProfileFile {
        do {
            for name in fileName.map({ [$0] }) ?? id.fileNames {
                guard var file = try snapshot.look(at: name, id: id, in: directory) else { continue }
                file.decoded.add(try directory.duplicates(of: id, besides: name))
                return file
            }
        } catch {
            throw ProfileError("The profile '\(id)' cannot be read", error)
        }
        // The same letters can be written in different bytes: an accent by itself, or in one with its letter.
        try refresh(in: directory)
        let names = snapshot.names.byID[id, default: []].filter { fileName == nil || $0.text == fileName }
        if let name = names.min(), var file = snapshot.entries[name]?.file {
            do {
                file.decoded.add(try directory.duplicates(of: file.id, besides: name.text))
            } catch {
                throw ProfileError("The profile '\(id)' cannot be read", error)
            }
            return file
        }
        throw ProfileError(
            .notFound,
            "There is no profile '\(id.description.escapedForDisplay)' in '\(path.escapedForDisplay)'."
        )
    }
}

extension DirectoryRepository: ProfileRepository {
    package func all() throws(ProfileError) -> [ProfileFile] {
        try refreshedFiles(in: open())
    }

    package func profile(_ id: ProfileID) throws(ProfileError) -> ProfileFile {
        try file(of: id, in: open())
    }

    /// The profile file with a name, which need not be the only one with its id; nil if there is none.
    package func profile(inFile fileName: String) throws(ProfileError) -> ProfileFile? {
        guard let id = ProfileID(fileName: fileName) else { return nil }
        do {
            return try file(of: id, named: fileName, in: open())
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    package func hasChanged(_ ids: [ProfileID?], since start: ContinuousClock.Instant) -> Bool {
        guard let directory = try? open() else { return false }
        for id in ids where hasChanged(id, since: start, in: directory) { return true }
        return false
    }

    private func hasChanged(
        _ id: ProfileID?,
        since start: ContinuousClock.Instant,
        in directory: borrowing DirectoryHandle
    ) -> Bool {
        // The kernel's clock for files is behind by some milliseconds, and never ahead.
        let age = ContinuousClock.now - start
        let time = Timestamp.now().microseconds - Int64(age / .microseconds(1))
        func isLate(_ status: FileStatus?) -> Bool { status.map { $0.identity.changed / 1000 >= time } ?? false }
        if (id?.fileNames ?? [ProfileFileName.active]).contains(where: { isLate(try? directory.status(of: $0)) })
            || snapshot.losses.holds(id, within: age)
        {
            return true
        }
        // What comes and goes, or was not known before, shows in nothing but the directory's list of names.
        let isNew = (id == nil ? firstLinkLook : firstScan).map { .now - $0 < LossMemory.length } ?? false
        if isNew || snapshot.losses.holds(id, within: LossMemory.length),
            isLate(try? FileStatus(of: directory.descriptor))
        {
            return true
        }
        guard id == nil, case .target(let active, _)? = lastLink else { return false }
        return hasChanged(active, since: start, in: directory)
    }

    package func unknown(_ word: String) -> ProfileError {
        let fileName = snapshot.names.byDisplayName[word]?.min()
        let named = fileName.flatMap { snapshot.entries[$0]?.file.id }
        let ids = snapshot.names.byID.keys
        return .unknown(word, named: named, among: ids.prefix(ids.count <= Self.mostAdvised ? ids.count : 0))
    }

    /// Among more profiles nobody is asked whether another one is meant.
    private static let mostAdvised = 1000

    /// - Throws: `.invalidValue` if several profiles have the name: one of them would be a guess.
    package func profile(named name: String) throws(ProfileError) -> ProfileFile? {
        let directory = try open()
        try refresh(in: directory)
        var found: [ProfileFile] = []
        for id in Set(snapshot.names.byDisplayName[name, default: []].compactMap { snapshot.entries[$0]?.file.id }) {
            let file = try file(of: id, in: directory)
            if file.profile?.name == name { found.append(file) }
        }
        found.sort { $0.fileName < $1.fileName }
        guard found.count > 1 else { return found.first }
        let ids = found.map { "'\($0.id)'" }.joined(separator: ", ")
        throw ProfileError(
            .invalidValue,
            "The name '\(name.escapedForDisplay)' belongs to several profiles: \(ids). Use an id, or rename one of them."
        )
    }

    package func active() throws(ProfileError) -> ProfileFile? {
        let directory = try open()
        switch try activeLink(in: directory) {
        case .absent:
            return nil
        case .target(let id, let fileName):
            return try file(of: id, named: fileName, in: directory)
        case .broken(let finding):
            throw ProfileError(.activeLinkBroken, finding.sentence, diagnostics: [finding])
        }
    }

    package func create(_ profile: Profile, id: ProfileID?) async throws(ProfileError) -> ProfileFile {
        try await write { directory throws(ProfileError) in
            try create(profile, id: id, in: directory)
        }
    }

    package func update(
        _ id: ProfileID,
        _ changes: ProfileChanges,
        expecting expected: ContentDigest?
    ) async throws(ProfileError) -> ProfileFile {
        try await write(conditionally: expected != nil) { directory throws(ProfileError) in
            try update(id, changes, expecting: expected, in: directory)
        }
    }

    package func delete(_ id: ProfileID, expecting expected: ContentDigest?) async throws(ProfileError) {
        try await write(conditionally: expected != nil) { directory throws(ProfileError) in
            try delete(id, expecting: expected, in: directory)
            forget(id, in: directory)
        }
    }

    /// Deletes this file, whatever other one has its id.
    ///
    /// - Throws: `.notFound`, `.conflict` if it holds something else by now, `.active` for the active one.
    package func delete(_ file: ProfileFile) async throws(ProfileError) {
        let expected = file.unreadable == nil ? file.digest : nil
        try await write(conditionally: expected != nil) { directory throws(ProfileError) in
            try delete(file.id, named: file.fileName, expecting: expected, in: directory)
            forget(file.id, in: directory)
        }
    }

    package func setActive(_ id: ProfileID, forced: Bool, patience: Duration?) async throws(ProfileError) {
        try await setActive(id, forced: forced, evenIfInvalid: false, patience: patience)
    }

    /// Makes the profile the only active one.
    ///
    /// - Parameters:
    ///   - forced: Whether names that do not match are passed over until another profile is activated.
    ///   - evenIfInvalid: Whether a file with errors is activated, too; what follows the link then goes on
    ///     with the last good steering until the errors are mended.
    /// - Throws: `.notFound`; `.invalidFormat` if the file is no valid profile and must be one.
    package func setActive(
        _ id: ProfileID,
        forced: Bool = false,
        evenIfInvalid: Bool,
        patience: Duration? = nil
    ) async throws(ProfileError) {
        try await write(patience: patience) { directory throws(ProfileError) in
            try setActive(id, forced: forced, evenIfInvalid: evenIfInvalid, in: directory)
        }
    }

    @discardableResult
    package func deactivate(_ id: ProfileID, patience: Duration?) async throws(ProfileError) -> Bool {
        try await write(patience: patience) { directory throws(ProfileError) in
            let found = try file(of: id, in: directory)
            let trace = try activeTrace(in: directory)
            guard case .target(found.id, _) = try activeLink(in: directory) else { return false }
            return try deactivateAll(trace, in: directory)
        }
    }

    @discardableResult
    package func deactivateAll(patience: Duration?) async throws(ProfileError) -> Bool {
        try await write(patience: patience) { directory throws(ProfileError) in
            try deactivateAll(in: directory)
        }
    }
}
