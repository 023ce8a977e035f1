import Glibc

/// How a path leads to a directory: through which symbolic links, and to which inode.
///
/// Two trails are equal if the path leads the same way to the same directory.
struct PathTrail: Equatable {
    /// A file system object, whatever it is called.
    struct Identity: Hashable {
        var device: dev_t
        var inode: ino_t
    }

    /// A name whose change makes the path lead elsewhere.
    struct Hop: Equatable {
        /// The directory that holds the name, without symbolic links.
        var parent: String
        var identity: Identity
        var name: String
    }

    /// The links on the way and the last name, or the first one that is missing.
    private(set) var hops: [Hop] = []
    /// The directory, without symbolic links; nil if there is none.
    private(set) var directory: String?
    /// The directory's identity; nil if there is none.
    private(set) var identity: Identity?

    /// As many links as the kernel follows.
    private static let maximumLinks = 40

    /// Follows a path.
    ///
    /// - Parameter path: An absolute path.
    init(following path: String) {
        // The names still to be walked, the next one last.
        var ahead: [String] = path.pathComponents.reversed()
        var walked = ""
        var links = 0
        while let name = ahead.popLast() {
            if name == "." { continue }
            if name == ".." {
                walked = walked.pathComponents.dropLast().map { "/" + $0 }.joined()
                continue
            }
            let next = walked + "/" + name
            let status = Self.status(next)
            let isLink = status.map { $0.st_mode & S_IFMT == S_IFLNK } ?? false
            if isLink || status == nil || ahead.isEmpty { addHop(from: walked, to: name) }
            guard status != nil else { return }
            if isLink {
                links += 1
                guard links <= Self.maximumLinks, let target = Self.target(next) else { return }
                if target.isAbsolutePath { walked = "" }
                ahead.append(contentsOf: target.pathComponents.reversed())
            } else {
                walked = next
            }
        }
        let end = walked.isEmpty ? "/" : walked
        guard let status = Self.status(end), status.st_mode & S_IFMT == S_IFDIR else { return }
        directory = end
        identity = Identity(device: status.st_dev, inode: status.st_ino)
    }

    private mutating func addHop(from parent: String, to name: String) {
        let parent = parent.isEmpty ? "/" : parent
        guard let status = Self.status(parent) else { return }
        let identity = Identity(device: status.st_dev, inode: status.st_ino)
        hops.append(Hop(parent: parent, identity: identity, name: name))
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? status : nil
    }

    private static func target(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe buffer.baseAddress.map { unsafe readlink(path, $0, buffer.count) } ?? -1
        }
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}
