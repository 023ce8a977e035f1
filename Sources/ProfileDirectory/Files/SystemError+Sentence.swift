package import FileWatching
import Glibc
package import Profiles

extension SystemError {
    /// What the operating system refused, as a fragment without a full stop.
    package var sentence: String {
        explanation?.reason ?? description
    }

    /// What to do about it, as an imperative fragment; nil if nothing more can be said.
    var remedy: String? {
        explanation?.remedy
    }

    private var explanation: (reason: String, remedy: String)? {
        switch code {
        case EACCES, EPERM:
            ("permission denied", "check the owner and the permissions of the file and of its directory")
        case EROFS:
            ("the file system is read-only", "change it where it comes from, or mount it writable")
        case ENOSPC:
            ("no space is left on the device", "free some space and try again; nothing was changed")
        case EDQUOT:
            ("the disk quota is used up", "free some space and try again; nothing was changed")
        case EBUSY, EXDEV:
            ("the file is a mount point of its own", "mount the directory instead of the single file")
        case EMFILE:
            ("this process has too many files open", "raise its limit ('ulimit -n') or restart it")
        case ENFILE:
            ("the system has too many files open", "close some programs, or raise fs.file-max")
        case EIO:
            ("the device reported an error", "check the disk; the change may not have been kept")
        case ENOENT:
            ("it is not there", "check the path")
        case ENOTDIR:
            ("it is not a directory", "check the path")
        case EISDIR:
            ("it is a directory", "move the directory away")
        case ELOOP:
            ("symbolic links lead in a circle", "check the links on the path")
        case ENAMETOOLONG:
            ("the name is too long for the file system", "choose a shorter one")
        case ESTALE:
            ("the remote file system has lost the file", "mount it again")
        case ENOLCK, ENOTSUP:
            ("the file system does not support it", "keep the profiles on a local file system")
        case ETIMEDOUT:
            ("the remote file system does not answer", "check the connection to it")
        default: nil
        }
    }
}

extension ProfileError {
    /// - Parameter what: What could not be done, as the start of a sentence: `'a.yaml' cannot be written`.
    package init(_ what: String, _ error: SystemError) {
        let remedy = error.remedy.map { ". " + $0.prefix(1).uppercased() + $0.dropFirst() } ?? ""
        self.init(.inputOutput, "\(what): \(error.sentence)\(remedy).", cause: error)
    }
}
