import FileWatching
import Glibc

/// flock(2) on a directory, as any other program may hold it.
package final class ForeignLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, which nobody may have.
    package init(_ path: String) throws {
        descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw SystemError("flock") }
    }

    /// Gives the lock back, once.
    package func release() {
        _ = close(descriptor)
    }
}
