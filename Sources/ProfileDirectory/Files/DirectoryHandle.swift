import FileWatching
import Glibc

/// A directory that is held open: everything is done relative to it, so that one operation sees one
/// directory, whatever its path names a moment later.
struct DirectoryHandle: ~Copyable, Sendable {
    let descriptor: Descriptor
    /// The path as the user named it.
    let path: String
    /// What `..data` pointed at when the directory was opened: the revision of a ConfigMap, whose files all change with
    /// that link. Everything is read from this revision; nil if there is no such link.
    let revision: String?
    /// What is seen in place of what is there, for whoever reads; what is written goes to the names themselves.
    var view = PlanView()

    /// The link that a ConfigMap's files change with.
    static let revisionLink = "..data"

    /// - Throws: `ENOENT`, `ENOTDIR`, `EACCES` …
    init(_ path: String) throws(SystemError) {
        let opened = try Self.open(AT_FDCWD, path)
        revision = try Self.target(of: Self.revisionLink, in: opened)
        descriptor = opened
        self.path = path
    }

    /// A handle of its own for a directory that another one holds open.
    init(duplicating number: Int32, path: String, revision: String?) throws(SystemError) {
        let duplicate = fcntl(number, F_DUPFD_CLOEXEC, 0)
        guard duplicate >= 0 else { throw SystemError("fcntl") }
        descriptor = Descriptor(owning: duplicate)
        self.path = path
        self.revision = revision
    }

    /// Whether the ConfigMap has another revision by now; the old one's files may be gone.
    var isOutdated: Bool {
        get throws(SystemError) { try Self.target(of: Self.revisionLink, in: descriptor) != revision }
    }

    /// The name as the user sees it: behind the directory's path.
    func display(_ name: String) -> String {
        path.hasSuffix("/") ? path + name : path + "/" + name
    }

    /// Where a name's content is found; nil if the name counts as gone.
    func place(of name: String) -> String? {
        guard let place = view.place(of: name), place != name else { return view.place(of: name) }
        // Someone who may write can have finished the plan meanwhile.
        return (try? FileStatus(of: place, in: descriptor)) == nil ? name : place
    }

    /// The status of a name; nil if there is nothing.
    func status(of name: String) throws(SystemError) -> FileStatus? {
        guard let place = place(of: name) else { return nil }
        do {
            return try FileStatus(of: place, in: descriptor)
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }

    /// The text of a symbolic link; nil if there is none, or something else.
    func target(of name: String) throws(SystemError) -> String? {
        guard let place = place(of: name) else { return nil }
        return try Self.target(of: place, in: descriptor)
    }

    /// Whether a link leads to another name of the directory, through links from name to name.
    func leads(_ link: String, through name: String) throws(SystemError) -> Bool {
        var seen: Set<FileName> = []
        var next = FileName(link)
        while seen.insert(next).inserted, let target = try target(of: next.text) {
            let names = target.pathComponents.filter { $0 != "." }
            guard names.count == 1, !target.isAbsolutePath else { return false }
            next = FileName(names[0])
            if next == FileName(name) { return true }
        }
        return false
    }

    static func target(of name: String, in directory: borrowing Descriptor) throws(SystemError) -> String? {
        let number = directory.number
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let (count, error) = unsafe bytes.withUnsafeMutableBytes { buffer -> (Int, Int32) in
            guard let start = buffer.baseAddress else { return (0, EINVAL) }
            let count = unsafe readlinkat(number, name, start, buffer.count)
            return (count, errno)
        }
        guard count >= 0 else {
            if error == ENOENT || error == EINVAL { return nil }
            throw SystemError("readlinkat", error)
        }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    /// Opens a directory below another one, which must not be a symbolic link.
    static func open(
        _ directory: Int32,
        _ name: String,
        flags: Int32 = 0
    ) throws(SystemError) -> Descriptor {
        let number = unsafe openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags)
        guard number >= 0 else { throw SystemError("open") }
        return Descriptor(owning: number)
    }

    /// The bytes of all names, in no order, without `.` and `..`.
    func names() throws(SystemError) -> [[UInt8]] {
        // A descriptor of its own, because listing moves its offset.
        let number = unsafe openat(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw SystemError("open") }
        guard let stream = unsafe fdopendir(number) else {
            let error = SystemError("fdopendir")
            _ = close(number)
            throw error
        }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                if errno != 0 { throw SystemError("readdir") }
                return view.names(names)
            }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
        }
    }

    /// Makes what was renamed, linked or removed in the directory survive a crash of the machine.
    func synchronize() throws(SystemError) {
        // Some file systems have nothing to do for a directory and say EINVAL.
        guard fsync(descriptor.number) == 0 || errno == EINVAL else { throw SystemError("fsync") }
    }
}
