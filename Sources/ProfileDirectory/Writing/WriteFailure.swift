import FileWatching
import Profiles

/// Why a file was not written as it should have been.
enum WriteFailure: Error, Hashable {
    /// Another program has changed the file meanwhile. Nothing was written.
    ///
    /// - Parameter found: What it holds now; nil if it is gone, or is being written just now.
    case changed(found: ContentDigest?)
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
        case .system(let error):
            self.init("'\(file)' cannot be written", error)
        case .unconfirmed(let error):
            self.init(
                .inputOutput,
                "'\(file)' was changed, but the disk did not confirm it: \(error.sentence). "
                    + "It holds the new content now and may lose it with the power. Check the disk.",
                cause: error
            )
        }
    }

    /// A conflict, with the names of both sides.
    ///
    /// - Parameters:
    ///   - base: What the change was based on.
    ///   - found: What the file holds; nil if it is gone or is being written just now.
    static func conflict(about file: String, basedOn base: ContentDigest?, found: ContentDigest?) -> ProfileError {
        let expected = base.map { " from \($0.short)" } ?? ""
        let now = found.map { "to \($0.short)" } ?? "and is being saved or removed just now"
        return ProfileError(
            .conflict,
            "'\(file)' has been changed since it was read\(expected) \(now). Nothing was written; read it again."
        )
    }
}

extension ContentDigest {
    /// The first twelve digits, as people compare them.
    fileprivate var short: Substring { description.dropFirst("sha256:".count).prefix(12) }
}
