package import Profiles

/// What the directory says should be applied.
package enum DesiredState: Hashable, Sendable {
    /// There is no `active`: no profile should be applied.
    case absent
    /// A profile's file, valid or not.
    case profile(ActiveProfile)
    /// The profile is known, but its file cannot be read.
    case unreadable(ProfileID, Diagnostic)
    /// There is something at `active` that cannot be followed.
    case fault(Diagnostic)
    /// The directory cannot be looked into: it says nothing, not even that no profile is active.
    case directoryGone(Diagnostic)
}

/// The active profile's file as it was read.
package struct ActiveProfile: Hashable, Sendable {
    /// Its `decoded.profile` is nil if the content is invalid.
    package var file: ProfileFile
    package var bytes: [UInt8]
    /// How sure it is that the bytes, and those of a file `active` that holds the id, are not half of what is to come.
    package var completeness: Completeness { max(lastWrite.completeness, holder?.completeness ?? .whole) }
    /// What the bytes say by themselves, without findings that come from other files.
    var decodedAlone: DecodedProfile
    var lastWrite: LastWrite
    /// Of a file `active` that holds the id.
    var holder: LastWrite?
    /// Whether it had rested long enough then that another write would show in its status.
    var isSettled: Bool
    /// Whether it can be written by other names than its own: through links of either kind.
    var hasOtherNames: Bool
}

/// A directory, whatever it is called.
package struct DirectoryIdentity: Hashable, Sendable {
    package var device: UInt64
    package var inode: UInt64
    /// A removed directory's inode number is soon another's; nil where the file system keeps no birth time.
    private let bornAt: Timestamp?

    init(_ status: FileStatus) {
        device = status.identity.device
        inode = status.identity.inode
        bornAt = status.bornAt
    }

    /// Whether it is the directory of a handle that is held open, which keeps its inode number from being another's. The
    /// birth time can change: overlayfs tells that of the copy once something is written in a directory of an image.
    func isSame(asHeldOpen other: Self) -> Bool { (device, inode) == (other.device, other.inode) }
}

/// What is at `active`, so that a link that was set again is told from the one before, even if both say the same.
package struct LinkIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    /// In nanoseconds since 1970: inode numbers are used again.
    private let changed: Int64

    init(_ status: FileStatus) {
        device = status.identity.device
        inode = status.identity.inode
        changed = status.identity.changed
    }
}
