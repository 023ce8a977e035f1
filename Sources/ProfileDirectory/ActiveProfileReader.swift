import FileWatching
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
        /// What is at `active`, whatever it says; nil if there is nothing.
        package var link: LinkIdentity?
    }

    /// Looks at the directory.
    ///
    /// - Parameter previous: The look before. Bytes that are the same are not decoded again; and a directory
    ///   that is replaced by an empty one, as by unmounting it, is told from one whose link was removed.
    package func read(after previous: Reading? = nil) -> Reading {
        do {
            let directory = try DirectoryHandle(path)
            let status = try FileStatus(of: directory.descriptor)
            let identity = DirectoryIdentity(device: status.identity.device, inode: status.identity.inode)
            let link = try directory.status(of: ProfileFileName.active).map(LinkIdentity.init)
            var desired = try Self.consistent(in: directory, after: previous)
            if desired == .absent {
                // A directory that has been removed while it was open is empty, too.
                if try FileStatus(of: directory.descriptor).linkCount == 0 { throw SystemError("open", ENOENT) }
                if let known = previous?.directory, known != identity, try Self.isEmpty(directory) {
                    desired = .directoryGone(
                        gone("there is another, empty directory in its place", help: "mount or restore the profiles")
                    )
                    return Reading(desired: desired, directory: known)
                }
            }
            return Reading(desired: desired, directory: identity, link: link)
        } catch let error as SystemError {
            let finding = gone("the directory cannot be read: \(error.sentence)", help: error.remedy)
            return Reading(desired: .directoryGone(finding), directory: previous?.directory)
        } catch {
            preconditionFailure("typed above")
        }
    }

    private func gone(_ message: String, help: String?) -> Diagnostic {
        Diagnostic(.directoryGone, message, at: SourceLocation(file: path), help: help)
    }

    /// Reads link and file from one revision of a ConfigMap, whose files all change with the link `..data`.
    private static func consistent(
        in directory: borrowing DirectoryHandle,
        after previous: Reading?
    ) throws(SystemError) -> DesiredState {
        let revision = "..data"
        var before = try directory.target(of: revision)
        var desired = try once(in: directory, after: previous)
        // Every further change of the link brings its own events, so this need not go on for ever.
        for _ in 0..<10 {
            let now = try directory.target(of: revision)
            if now == before { break }
            before = now
            desired = try once(in: directory, after: previous)
        }
        return desired
    }

    private static func once(
        in directory: borrowing DirectoryHandle,
        after previous: Reading?
    ) throws(SystemError) -> DesiredState {
        let id: ProfileID
        let fileName: String
        switch try ActiveLink(in: directory) {
        case .absent: return .absent
        case .broken(let finding): return .fault(finding)
        case .target(let target, let name): (id, fileName) = (target, name)
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
                    isBeingWritten: content.isBeingWritten,
                    decodedAlone: decoded
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
    fileprivate var fileAlone: ProfileFile? {
        guard case .profile(let active) = desired else { return nil }
        var file = active.file
        file.decoded = active.decodedAlone
        return file
    }
}
