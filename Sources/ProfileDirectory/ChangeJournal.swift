import FileWatching
import Glibc

/// The names in a directory that may have changed since the last look, as far as the kernel tells.
///
/// A change is in the journal as soon as the system call that made it has returned. So whoever asks sees all that
/// happened before, without looking at every file.
struct ChangeJournal: ~Copyable {
    let directory: DirectoryIdentity
    /// When all files were looked at: some writes bring no event.
    var lastScan = ContinuousClock.now
    private let inotify: Inotify

    private static let mask: UInt32 = [
        IN_MODIFY, IN_CLOSE_WRITE, IN_ATTRIB, IN_CREATE, IN_DELETE, IN_MOVED_FROM, IN_MOVED_TO, IN_DELETE_SELF,
    ].reduce(0) { $0 | UInt32(bitPattern: Int32($1)) }

    private static let lostMask: UInt32 = [IN_Q_OVERFLOW, IN_IGNORED, IN_UNMOUNT, IN_DELETE_SELF]
        .reduce(0) { $0 | UInt32(bitPattern: Int32($1)) }

    /// Begins a journal; nil where the kernel does not tell of all changes, or has no watches left.
    init?(_ directory: borrowing DirectoryHandle) {
        let path = "/proc/self/fd/\(directory.descriptor.number)"
        guard !RemoteFileSystem.holds(directory.descriptor), let status = try? FileStatus(of: directory.descriptor),
            let inotify = try? Inotify(), (try? inotify.watch(path, mask: Self.mask)) != nil
        else { return nil }
        self.directory = DirectoryIdentity(status)
        self.inotify = inotify
    }

    /// The names since the last call; nil if everything may have changed.
    func names() -> Set<FileName>? {
        var names: Set<FileName> = []
        while true {
            guard let events = try? inotify.events() else { return nil }
            if events.isEmpty { return names }
            for event in events {
                if event.mask & Self.lostMask != 0 { return nil }
                if let name = event.name { names.insert(FileName(name)) }
            }
        }
    }
}
