import Glibc

/// A file that is mapped into memory, read-only.
///
/// Only the pages that are read take memory, and they are shared with the system's cache: a profile needs a few
/// rows of a file that may have gigabytes. A page of a mapping whose file was cut short meanwhile cannot be read
/// (SIGBUS), so every access first looks whether the file still has its size. Tools replace such files by renaming a
/// new one over them, which leaves the mapping whole; what is left is an overwrite in place between look and read.
@safe final class MappedFile: Sendable {
    let path: String
    /// The file's size in bytes.
    let size: Int
    private let descriptor: Int32
    // Safety: nobody writes through the pointer, and it is unmapped when the last owner has gone.
    private nonisolated(unsafe) let base: UnsafeRawPointer?

    /// - Throws: ``SteeringError`` `.unreadable` with the system's reason.
    init(path: String) throws(SteeringError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.unreadable(path, errno) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw Self.unreadable(path, code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw SteeringError(.unreadable, "'\(path)' is no regular file.")
        }
        size = Int(status.st_size)
        if size > 0 {
            let address = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
            guard let address = unsafe address, unsafe address != MAP_FAILED else {
                let code = errno
                close(descriptor)
                throw Self.unreadable(path, code)
            }
            unsafe base = UnsafeRawPointer(address)
        } else {
            unsafe base = nil
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        if let base = unsafe base { unsafe munmap(UnsafeMutableRawPointer(mutating: base), size) }
        close(descriptor)
    }

    /// Lends some of the file's bytes.
    ///
    /// - Parameter range: Offsets into the file, below ``size``.
    /// - Throws: ``SteeringError`` `.invalidFile` if the file has been cut short since it was opened, and whatever
    ///   the body throws.
    func withBytes<Result>(
        _ range: Range<Int>,
        _ body: (UnsafeRawBufferPointer) throws(SteeringError) -> Result
    ) throws(SteeringError) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "bytes \(range) of \(size)")
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, Int(status.st_size) >= size else {
            throw SteeringError(
                .invalidFile,
                "'\(path)' has been cut short while it was in use; restart with a whole file."
            )
        }
        let start = unsafe base.map { unsafe $0 + range.lowerBound }
        return try unsafe body(UnsafeRawBufferPointer(start: start, count: range.count))
    }

    private static func unreadable(_ path: String, _ code: Int32) -> SteeringError {
        SteeringError(.unreadable, unsafe "'\(path)' cannot be read: \(String(cString: strerror(code))).")
    }
}
