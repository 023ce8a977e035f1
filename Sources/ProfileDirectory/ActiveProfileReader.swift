package import FileWatching
import Glibc
import Profiles

/// Reads what the directory says should be applied: the link and the one file that it names.
///
/// The cost depends on that file's size alone, never on the number of profiles. All calls block for
/// as long as the file system takes, so they belong on a thread that may wait.
package struct ActiveProfileReader: Sendable {
    /// The directory as the user named it.
    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// One look at the directory.
    package struct Reading: Hashable, Sendable {
        package var desired: DesiredState
        /// The directory that was looked into; while it is gone, the last one that was there.
        package var directory: DirectoryIdentity?
        /// When a name in the directory was last added or removed, in nanoseconds since 1970; nil if it was not looked into.
        package var modified: Int64?
        /// What is at `active`, whatever it says; nil if there is nothing.
        package var link: LinkIdentity?

        /// Whether there was no directory to be served.
        package var isGone: Bool { if case .directoryGone = desired { true } else { false } }
    }

    /// Looks at the directory.
    ///
    /// - Parameters:
    ///   - previous: The look before. Bytes that are the same are not decoded again; and a directory
    ///     that is replaced by an empty one, as by unmounting it, is told from one whose link was removed.
    ///   - hint: Why it looks. In a poll, where no event told of a change, the file's status decides whether its bytes are
    ///     read.
    package func read(after previous: Reading? = nil, for hint: WatchHint? = nil) -> Reading {
        do throws(SystemError) {
            // What the link named is taken away once the link names something else, be it `active` or a ConfigMap's
            // revision. Each change brings events of its own, so this need not go on for ever.
            for _ in 0..<10 {
                let directory = try DirectoryHandle(path)
                let reading = try read(directory, after: previous, for: hint)
                if case .profile = reading.desired { return reading }
                if try !directory.isOutdated, try reading.link == Self.link(in: directory) { return reading }
            }
            return try read(DirectoryHandle(path), after: previous, for: hint)
        } catch {
            let finding = gone("the directory cannot be read: \(error.sentence)", help: error.remedy)
            return Reading(desired: .directoryGone(finding), directory: previous?.directory)
        }
    }

    private func read(
        _ directory: borrowing DirectoryHandle,
        after previous: Reading?,
        for hint: WatchHint?
    ) throws(SystemError) -> Reading {
        let status = try FileStatus(of: directory.descriptor)
        let identity = DirectoryIdentity(status)
        let link = try Self.link(in: directory)
        var desired = try Self.once(in: directory, after: previous, for: hint)
        // The kernel tells that a file was closed a moment before it takes it for closed, and then nothing more.
        var pause: UInt32 = 500
        while pause <= 16_000, case .profile(let active) = desired, active.completeness == .open,
            hint == .closed(active.file.fileName) || hint == .closed(ProfileFileName.active)
        {
            usleep(pause)
            pause *= 2
            desired = try Self.once(in: directory, after: previous, for: hint)
        }
        let reading = Reading(
            desired: desired,
            directory: identity,
            modified: status.identity.modified,
            link: link
        )
        guard desired == .absent else { return reading }
        // A directory that has been removed while it was open is empty, too.
        if try FileStatus(of: directory.descriptor).linkCount == 0 { throw SystemError("open", ENOENT) }
        if let known = previous?.directory, known != identity, try Self.isEmpty(directory) {
            let finding = gone(
                "there is another, empty directory in its place",
                help: "mount or restore the profiles"
            )
            return Reading(desired: .directoryGone(finding), directory: known)
        }
        return reading
    }

    private static func link(in directory: borrowing DirectoryHandle) throws(SystemError) -> LinkIdentity? {
        try directory.status(of: ProfileFileName.active).map(LinkIdentity.init)
    }

    private func gone(_ message: String, help: String?) -> Diagnostic {
        Diagnostic(.directoryGone, message, at: SourceLocation(file: path), help: help)
    }

    private static func once(
        in directory: borrowing DirectoryHandle,
        after previous: Reading?,
        for hint: WatchHint?
    ) throws(SystemError) -> DesiredState {
        let id: ProfileID
        let fileName: String
        var holdingFile: StableRead?
        switch try ActiveLink(in: directory, heldBy: &holdingFile) {
        case .absent: return .absent
        case .broken(let finding): return .fault(finding)
        case .target(let target, let name): (id, fileName) = (target, name)
        }
        var known: ActiveProfile?
        if case .profile(let active)? = previous?.desired { known = active }
        let isShared = RemoteFileSystem.holds(directory.descriptor)
        let holder = holdingFile.map {
            LastWrite(
                of: $0,
                isClosed: hint == .closed(ProfileFileName.active),
                after: known?.holder,
                isShared: isShared
            )
        }
        if hint == .poll, var active = known, active.file.fileName == fileName, active.isSettled,
            StableRead.isUnchanged(fileName, since: active.lastWrite.identity, in: directory)
        {
            active.holder = holder
            active.file.decoded = active.decodedAlone
            active.file.decoded.add(try directory.duplicates(of: id, besides: fileName))
            return .profile(active)
        }
        do {
            let content = try StableRead(fileName, in: directory)
            var file = ProfileFile(
                id: id,
                fileName: fileName,
                content: content,
                in: directory,
                reusing: previous?.fileAlone
            )
            let decoded = file.decoded
            file.decoded.add(try directory.duplicates(of: id, besides: fileName))
            return .profile(
                ActiveProfile(
                    file: file,
                    bytes: content.bytes,
                    decodedAlone: decoded,
                    lastWrite: LastWrite(
                        of: content,
                        isClosed: hint == .closed(fileName),
                        after: known?.lastWrite,
                        isShared: isShared
                    ),
                    holder: holder,
                    // What is written through a mapping may not show in the status; only where a lease has told that
                    // there is none, the status counts.
                    isSettled: content.writers == .none && content.status.isOld(at: .now()),
                    hasOtherNames: try content.status.linkCount > 1 || directory.target(of: fileName) != nil
                )
            )
        } catch let failure as ReadFailure {
            if case .missing = failure {
                let message = "'active' leads to '\(fileName.escapedForDisplay)', which is not there"
                return .fault(ActiveLink.diagnostic(.activeDangling, message, in: directory))
            }
            return .unreadable(id, failure.diagnostic(for: directory.display(fileName)))
        } catch let error as SystemError {
            throw error
        } catch {
            preconditionFailure("typed above")
        }
    }

    /// Whether the directory holds no profile.
    private static func isEmpty(_ directory: borrowing DirectoryHandle) throws(SystemError) -> Bool {
        try !directory.names().contains { name in
            if case .profile = ProfileFileName(String(decoding: name, as: UTF8.self), file: "") { true } else { false }
        }
    }
}

extension ActiveProfileReader.Reading {
    /// Whether a change of this name in the directory can change what the directory says should be applied.
    package func mayChange(with name: String) -> Bool {
        guard case .profile(let active) = desired, active.completeness == .whole, !active.hasOtherNames else {
            return true
        }
        // A ConfigMap's links begin with two dots; a file that got its name by linkat(2) is closed as `#inode`.
        return name == ProfileFileName.active || name.hasPrefix("..") || name.hasPrefix("#")
            || active.file.id.fileNames.contains(name)
    }

    fileprivate var fileAlone: ProfileFile? {
        guard case .profile(let active) = desired else { return nil }
        var file = active.file
        file.decoded = active.decodedAlone
        return file
    }
}
