import Glibc
package import Profiles

// A rollback is a change of the directory like any other; this note tells the daemon, whenever it looks, why it came.
// A symbolic link holds the note, since it is there as a whole or not at all.

extension AppliedHistory {
    private var notePath: String { markerFolder + "/rollback" }

    /// Tells the daemon that the profile's next change with this content is a rollback.
    func announceRollback(to id: ProfileID, digest: ContentDigest) {
        withdrawRollback()
        // Without the note the change counts as one of the directory, which it is, too.
        _ = unsafe symlink("\(digest)/\(id)", notePath)
    }

    func withdrawRollback() {
        _ = unsafe unlink(notePath)
    }

    /// How the profile came into the directory, and so to the core. A rollback counts once.
    package func source(of id: ProfileID, digest: ContentDigest) -> LoaderStatus.Source {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe buffer.baseAddress.map { unsafe readlink(notePath, $0, buffer.count) } ?? -1
        }
        guard count > 0, String(decoding: bytes.prefix(count), as: UTF8.self) == "\(digest)/\(id)" else {
            return .directory
        }
        withdrawRollback()
        return .rollback
    }
}
