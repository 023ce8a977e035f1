import Glibc

/// The watches that are set on a directory and on every name that its path depends on.
struct WatchArming {
    /// What a watch is for; one directory can be both.
    private struct Role {
        var isDirectory = false
        /// The names in it that the path goes through.
        var hops: Set<String> = []
    }

    /// The events of the directory that mean something to its reader.
    ///
    /// Without `IN_MODIFY`: it comes in the middle of a write, and `IN_CLOSE_WRITE` follows.
    private static let directoryMask = hopMask | bits(IN_CLOSE_WRITE)
    /// The events of a name that the path goes through.
    private static let hopMask = bits(
        IN_CREATE,
        IN_DELETE,
        IN_MOVED_FROM,
        IN_MOVED_TO,
        IN_ATTRIB,
        IN_DELETE_SELF,
        IN_MOVE_SELF
    )
    /// The events after which a file is whole.
    private static let wholeMask = bits(IN_CLOSE_WRITE, IN_MOVED_TO)
    /// The events that end a watch or make it watch something that the path no longer names.
    private static let selfMask = bits(IN_DELETE_SELF, IN_MOVE_SELF, IN_UNMOUNT, IN_IGNORED)

    /// The way to the directory when the watches were set.
    private(set) var trail: PathTrail
    /// Whether all events are to be had: of the directory, on a file system that tells of changes, and of each link that
    /// leads to it.
    private(set) var isComplete = false
    private var roles: [Int32: Role] = [:]

    /// What an event means.
    enum Meaning: Equatable {
        /// Nothing here.
        case noise
        case hint(WatchHint)
        /// The path may lead elsewhere: the watches have to be set again.
        case rearm
        /// The kernel dropped events.
        case overflow
    }

    /// Sets the watches for the way that the path leads now.
    ///
    /// - Throws: `ENOSPC`, `ENOMEM`: no watches are to be had.
    init(_ path: String, with inotify: borrowing Inotify) throws(SystemError) {
        trail = PathTrail(following: path)
        // What changes between looking and watching is found by looking again.
        for _ in 0..<10 {
            try set(with: inotify)
            let now = PathTrail(following: path)
            if now == trail { return }
            trail = now
        }
    }

    private mutating func set(with inotify: borrowing Inotify) throws(SystemError) {
        roles = [:]
        isComplete = false
        var unwatched = 0
        for (index, hop) in trail.hops.enumerated() {
            guard let watch = try Self.watch(hop.parent, Self.hopMask, with: inotify) else {
                // The last hop is the directory's own name, and the directory tells by itself that it was moved.
                if index < trail.hops.count - 1 { unwatched += 1 }
                continue
            }
            roles[watch, default: Role()].hops.insert(hop.name)
        }
        if let directory = trail.directory, let watch = try Self.watch(directory, Self.directoryMask, with: inotify) {
            roles[watch, default: Role()].isDirectory = true
            isComplete = unwatched == 0 && !RemoteFileSystem.holds(directory)
        }
    }

    /// Watches a directory; nil if it is out of reach, which the next look at the path will show, too.
    private static func watch(
        _ path: String,
        _ mask: UInt32,
        with inotify: borrowing Inotify
    ) throws(SystemError) -> Int32? {
        do {
            return try inotify.watch(path, mask: mask)
        } catch {
            if [ENOSPC, ENOMEM].contains(error.code) { throw error }
            return nil
        }
    }

    /// Ends the watches of an earlier arming that this one has no use for.
    func release(watchesOf earlier: WatchArming, with inotify: borrowing Inotify) {
        for watch in earlier.roles.keys where roles[watch] == nil {
            inotify.unwatch(watch)
        }
    }

    /// What an event says about the watched directory.
    func meaning(of event: Inotify.Event) -> Meaning {
        if event.mask & Self.bits(IN_Q_OVERFLOW) != 0 { return .overflow }
        guard let role = roles[event.watch] else { return .noise }
        if event.mask & Self.selfMask != 0 { return .rearm }
        guard let name = event.name else { return role.isDirectory ? .hint(.rescan) : .noise }
        if role.hops.contains(name) { return .rearm }
        guard role.isDirectory else { return .noise }
        if event.mask & Self.wholeMask != 0 { return .hint(.closed(name)) }
        return .hint(event.mask & Self.bits(IN_CREATE) == 0 ? .name(name) : .created(name))
    }

    private static func bits(_ flags: Int32...) -> UInt32 {
        flags.reduce(0) { $0 | UInt32(bitPattern: $1) }
    }
}
