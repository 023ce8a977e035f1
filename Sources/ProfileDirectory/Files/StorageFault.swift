import FileWatching
import Glibc
package import Profiles

/// What keeps the place where the profiles lie from being used, where the reason is known and somebody can mend it.
package enum StorageFault: CaseIterable, Sendable {
    /// No space is left, or the quota is used up.
    case full
    case readOnly
    /// The process has not got the permission.
    case forbidden
    /// The process, or the system, has as many files open as it may.
    case tooManyOpenFiles
    /// The directory is not there, or not mounted.
    case gone

    init?(_ error: SystemError) {
        switch error.code {
        case ENOSPC, EDQUOT: self = .full
        case EROFS: self = .readOnly
        case EACCES, EPERM: self = .forbidden
        case EMFILE, ENFILE: self = .tooManyOpenFiles
        case ENOENT, ENOTDIR, ELOOP, ESTALE, ENODEV, ENOTCONN: self = .gone
        default: return nil
        }
    }
}

extension ProfileError {
    /// What the operating system refused, if it is a known fault before which nothing was changed.
    package var storageFault: StorageFault? {
        switch cause {
        case let error as SystemError: StorageFault(error)
        case ReadFailure.system(let error)?: StorageFault(error)
        default: nil
        }
    }
}
