import FileWatching
import Glibc

/// Why a file of the directory was not read.
enum ReadFailure: Error, Hashable {
    /// There is nothing under the name, or at the end of the link.
    case missing
    /// A symbolic link on the way ends outside the directory.
    case leavesDirectory(target: String)
    /// Symbolic links lead in a circle.
    case loop
    case notRegular(FileStatus.Kind)
    /// - Parameter size: In bytes.
    case tooLarge(size: UInt64)
    case system(SystemError)
}

extension DirectoryHandle {
    /// As many links as the kernel follows.
    private static let maximumLinks = 40

    /// Opens a file for reading, following symbolic links only as long as they stay in the directory.
    ///
    /// Each step is taken relative to a descriptor and never through a link, so nothing that is
    /// changed meanwhile can lead outside. Pipes and devices are refused before they are opened.
    ///
    /// - Parameter isRegular: Whether the name was a regular file's just now.
    func openBeneath(_ name: String, isKnownToBeRegular isRegular: Bool = false) throws(ReadFailure) -> Descriptor {
        guard let name = place(of: name) else { throw .missing }
        if let file = try regularFile(name, isKnown: isRegular) { return file }
        // The names still to be walked, the next one last, with the link that they come from; and those behind us, all
        // of them directories.
        var ahead = [(name: name, target: name)]
        var walked: [String] = []
        var links = 0
        do {
            while let (next, link) = ahead.popLast() {
                if next == "." { continue }
                if next == ".." {
                    guard walked.popLast() != nil else { throw ReadFailure.leavesDirectory(target: link) }
                    continue
                }
                let parent = try directory(walked)
                let status = try FileStatus(of: next, in: parent)
                switch status.kind {
                case .link:
                    links += 1
                    guard links <= Self.maximumLinks else { throw ReadFailure.loop }
                    let isRevision = walked.isEmpty && next == Self.revisionLink
                    let target = try (isRevision ? revision : nil) ?? Self.target(of: next, in: parent) ?? ""
                    guard !target.isAbsolutePath else { throw ReadFailure.leavesDirectory(target: target) }
                    ahead.append(contentsOf: target.pathComponents.reversed().map { ($0, target) })
                case .directory:
                    walked.append(next)
                case .regular where ahead.isEmpty:
                    return try Self.openRegular(next, in: parent)
                case .regular:
                    throw SystemError("open", ENOTDIR)
                case .pipe, .socket, .device:
                    throw ReadFailure.notRegular(status.kind)
                }
            }
        } catch let failure as ReadFailure {
            throw failure
        } catch let error as SystemError {
            throw error.code == ENOENT ? .missing : .system(error)
        } catch {
            preconditionFailure("typed above")
        }
        throw .notRegular(.directory)
    }

    /// The usual case: a regular file of the directory itself. Nil if it is something else.
    private func regularFile(_ name: String, isKnown: Bool) throws(ReadFailure) -> Descriptor? {
        do {
            if !isKnown { guard try FileStatus(of: name, in: descriptor).kind == .regular else { return nil } }
            return try Self.openRegular(name, in: descriptor)
        } catch {
            // It may have become a link since.
            if isKnown, error.code == ELOOP { return nil }
            throw error.code == ENOENT ? .missing : .system(error)
        }
    }

    /// A descriptor of its own for a directory below this one, reached without symbolic links.
    private func directory(_ names: [String]) throws(SystemError) -> Descriptor {
        var current = try Self.open(descriptor.number, ".")
        for name in names {
            current = try Self.open(current.number, name, flags: O_NOFOLLOW)
        }
        return current
    }

    private static func openRegular(_ name: String, in parent: borrowing Descriptor) throws(SystemError) -> Descriptor {
        // Non-blocking, should a pipe have taken the file's place since.
        let number = unsafe openat(parent.number, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else { throw SystemError("open") }
        return Descriptor(owning: number)
    }
}
