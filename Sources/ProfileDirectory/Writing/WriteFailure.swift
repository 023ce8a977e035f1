import FileWatching
import Profiles

/// Why a file was not written as it should have been.
enum WriteFailure: Error, Hashable {
    /// Another program has changed the file meanwhile. Nothing was written.
    ///
    /// - Parameter found: What it holds now; nil if it is gone.
    case changed(found: ContentDigest?)
    /// Another program has the file open for writing, and would go on in the file that is displaced. Nothing was written.
    case inUse
    /// The operating system refused. Nothing was written.
    case system(SystemError)
    /// It was written, and every program sees it; but the disk did not confirm that it will last.
    case unconfirmed(SystemError)
}

extension ProfileError {
    /// - Parameters:
    ///   - file: The file as the user named it.
    ///   - base: What the change was based on.
    init(writing file: String, basedOn base: ContentDigest?, _ failure: WriteFailure) {
        switch failure {
        case .changed(let found):
            self = .conflict(about: file, basedOn: base, found: found)
        case .inUse:
            self = .inUse(file)
        case .system(let error):
            // The temporary is all that is ever unlinked on the way.
            let obstacle = "'\(AtomicFile.temporaryName)', which an interrupted program has left, cannot be removed"
            self.init("'\(file)' cannot be written\(error.call == "unlink" ? ", for \(obstacle)" : "")", error)
        case .unconfirmed(let error):
            self.init(
                .inputOutput,
                "'\(file)' was changed, but the disk did not confirm it: \(error.sentence). "
                    + "It holds the new content now and may lose it with the power. Check the disk.",
                cause: failure
            )
        }
    }

    /// A conflict, with the names of both sides.
    ///
    /// - Parameters:
    ///   - base: What the change was based on.
    ///   - found: What the file holds; nil if it is gone.
    static func conflict(about file: String, basedOn base: ContentDigest?, found: ContentDigest?) -> ProfileError {
        let expected = base.map { " from \($0.short)" } ?? ""
        let now = found.map { "to \($0.short)" } ?? "and is being replaced or removed just now"
        return ProfileError(
            .conflict,
            "'\(file)' has been changed since it was read\(expected) \(now). Nothing was written; read it again."
        )
    }

    /// Another program may write to the file at any moment.
    static func inUse(_ file: String) -> ProfileError {
        ProfileError(
            .inUse,
            "'\(file)' is open for writing in another program. Nothing was written.",
            cause: FileInUse(path: file)
        )
    }
}

extension ContentDigest {
    /// The first twelve digits, as people compare them.
    fileprivate var short: Substring { description.dropFirst("sha256:".count).prefix(12) }
}
