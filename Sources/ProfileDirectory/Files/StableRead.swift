import CLinux
import FileWatching
import Glibc

/// The content of a file, read while nobody changed it.
struct StableRead: Hashable, Sendable {
    var bytes: [UInt8]
    var status: FileStatus
    var writers: Writers

    /// What is known of programs that have the file open for writing, so that more may be about to come.
    enum Writers: Hashable, Sendable {
        case none, some
        /// It cannot be told.
        case unknown
    }

    /// Whether a program is known to have the file open for writing.
    var isBeingWritten: Bool { writers == .some }

    /// The greatest size of a profile file in bytes (SPEC §2).
    static let maximumSize = 1 << 20

    /// Reads a file of the directory.
    ///
    /// The file's status is taken before and after, from the same descriptor; if they differ, it reads
    /// again. Should they go on to differ, the file has a writer.
    ///
    /// - Parameters:
    ///   - maximumSize: In bytes; more is not read.
    ///   - isRegular: Whether the name itself was a regular file's just now, so that it need not be asked again.
    init(
        _ name: String,
        in directory: borrowing DirectoryHandle,
        upTo maximumSize: Int = Self.maximumSize,
        isKnownToBeRegular isRegular: Bool = false
    ) throws(ReadFailure) {
        let file = try directory.openBeneath(name, isKnownToBeRegular: isRegular)
        do {
            try self.init(of: file, upTo: maximumSize)
        } catch let failure as ReadFailure {
            throw failure
        } catch let error as SystemError {
            throw .system(error)
        } catch {
            preconditionFailure("typed above")
        }
    }

    /// Whether a file of the directory still is what it was when it had the identity, as far as its status tells.
    static func isUnchanged(
        _ name: String,
        since identity: FileStatus.Identity,
        in directory: borrowing DirectoryHandle
    ) -> Bool {
        // Opening it makes a remote file system ask for the status anew.
        guard let file = try? directory.openBeneath(name), let status = try? FileStatus(of: file) else { return false }
        return status.identity == identity
    }

    private init(of file: borrowing Descriptor, upTo maximumSize: Int) throws {
        // As long as the file is read: who would write it meanwhile waits, and cannot be half way unseen.
        writers = Self.writers(leasing: file)
        defer { Self.endLease(of: file) }
        status = try FileStatus(of: file)
        bytes = []
        for _ in 0..<5 {
            guard status.kind == .regular else { throw ReadFailure.notRegular(status.kind) }
            guard status.identity.size <= maximumSize else {
                throw ReadFailure.tooLarge(size: status.identity.size)
            }
            bytes = try Self.content(of: file, expecting: Int(status.identity.size))
            let after = try FileStatus(of: file)
            if after.identity == status.identity, bytes.count == Int(status.identity.size) { return }
            status = after
        }
        writers = .some
    }

    /// - Parameter size: The size to expect in bytes; one byte more is asked for, to see growth. Who reads as many takes
    ///   the status again, which shows whether more has come since.
    private static func content(of file: borrowing Descriptor, expecting size: Int) throws(SystemError) -> [UInt8] {
        let number = file.number
        var error: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
            while count < size || count == 0 {
                let rest = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]
                )
                let got = unsafe pread(number, rest.baseAddress, rest.count, off_t(count))
                if got < 0, errno == EINTR { continue }
                if got < 0 { error = errno }
                if got <= 0 { break }
                count += got
            }
        }
        guard error == 0 else { throw SystemError("read", error) }
        return bytes
    }

    /// Looks for programs that have the file open for writing; if there are none, none can open it until the lease ends.
    ///
    /// The kernel grants a read lease only on a file that has no writer, and only to the file's owner, or with
    /// CAP_LEASE. NFS and SMB refuse one as if there were a writer, unless the server has delegated the file.
    private static func writers(leasing file: borrowing Descriptor) -> Writers {
        // Told that its lease is broken, a process dies by default; this signal is ignored by default.
        guard fcntl(file.number, millm_f_setsig, SIGURG) == 0 else { return .unknown }
        guard fcntl(file.number, millm_f_setlease, Int32(F_RDLCK)) != 0 else { return .none }
        return errno == EAGAIN && !RemoteFileSystem.refusesLeases(on: file) ? .some : .unknown
    }

    private static func endLease(of file: borrowing Descriptor) {
        // It fails if there was none.
        _ = fcntl(file.number, millm_f_setlease, Int32(F_UNLCK))
    }
}
