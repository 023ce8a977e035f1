/// What may have changed in a watched directory. Hints say where to look, never what is there.
package enum WatchHint: Hashable, Sendable {
    /// Something about this name in the directory, which does not tell whether its file is whole.
    case name(String)
    /// Something about this name: there is a file of that name now, which may still be written.
    case created(String)
    /// Something about this name, and who wrote its file has closed it, or has given it the name when it was whole.
    case closed(String)
    /// Everything: the watch has begun, events were lost, or the path names another directory than before.
    case rescan
    /// Perhaps something that no event told of; comes at every interval of the safety poll.
    case poll
    /// The path names no directory any more.
    case gone

    /// The name that it is about; nil if it is about all.
    package var name: String? {
        switch self {
        case .name(let name), .created(let name), .closed(let name): name
        case .rescan, .poll, .gone: nil
        }
    }
}

/// How changes are noticed.
package enum WatchMode: String, Hashable, Sendable {
    /// The kernel tells of them.
    case inotify
    /// Somebody has to look: there is no inotify to be had, or the file system delivers no events.
    case polling
}
