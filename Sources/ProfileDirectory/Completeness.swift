import Profiles

/// How sure it is that what was read is all that its writer meant to write; the surest comes first.
///
/// Whether a program has a file open for writing is told by the kernel to the file's owner alone, and only of programs
/// on this machine. Where it is not told, a file counts as whole when nobody has written to it for a while.
package enum Completeness: Int, Comparable, Hashable, Sendable {
    /// Nobody has it open for writing, or nobody has written to it for a while.
    case whole
    /// It was written just now and then closed; who may have opened it since is not known.
    case closed
    /// It was written just now, and it is not known whether that is all.
    case uncertain
    /// A program has it open for writing.
    case open

    package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }

    /// How long nobody must have written to it.
    package var rest: Duration {
        switch self {
        case .whole: .zero
        case .closed: .milliseconds(50)
        case .uncertain: .seconds(1)
        case .open: .seconds(2)
        }
    }

    /// - Parameters:
    ///   - isClosed: Whether an event has told that this content's writer has closed it.
    ///   - isShared: Whether other machines or file systems write it, of whose programs nothing is known.
    init(of content: StableRead, isClosed: Bool, isShared: Bool, at now: Timestamp = .now()) {
        if content.writers == .none, !isShared {
            self = .whole
        } else if content.writers == .some {
            self = .open
        } else {
            self = isClosed ? .closed : .uncertain
            let age = Duration.microseconds(now.microseconds - content.status.identity.modified / 1000)
            // A time that lies ahead tells nothing.
            if age >= rest { self = .whole }
        }
    }
}

/// A file's content when it was read, and how sure it is that this was all.
struct LastWrite: Hashable, Sendable {
    let identity: FileStatus.Identity
    let completeness: Completeness

    /// - Parameters:
    ///   - isClosed: Whether an event has just told that the file was closed.
    ///   - before: What was known at the look before: content whose writer had closed it stays so.
    init(of content: StableRead, isClosed: Bool, after before: LastWrite?, isShared: Bool) {
        let identity = content.status.identity
        let wasClosed = before.map { $0.completeness <= .closed && $0.identity.isSameContent(as: identity) } ?? false
        self.identity = identity
        completeness = Completeness(of: content, isClosed: isClosed || wasClosed, isShared: isShared)
    }
}

extension FileStatus.Identity {
    /// Whether nothing was written between the two, as far as the status tells.
    func isSameContent(as other: Self) -> Bool {
        isSameFile(as: other) && (size, modified) == (other.size, other.modified)
    }
}
