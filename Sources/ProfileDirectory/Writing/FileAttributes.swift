import CLinux
import FileWatching
import Glibc

/// Extended attributes: access control lists, labels, and what users put there.
enum FileAttributes {
    private static let accessList = "system.posix_acl_access"

    /// Takes over the attributes of a file as far as this process may set them and the file system knows them.
    static func copy(from name: String, in directory: borrowing DirectoryHandle, to file: borrowing Descriptor) {
        let number = unsafe openat(directory.descriptor.number, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else { return }
        let original = Descriptor(owning: number)
        let names = names(of: original)
        // A new file has the list that its directory gives, which may let others in than the original's mode.
        if !names.contains(accessList) { _ = unsafe millm_fremovexattr(file.number, accessList) }
        for name in names {
            let size = unsafe millm_fgetxattr(original.number, name, nil, 0)
            guard size > 0 else { continue }
            var value = [UInt8](repeating: 0, count: size)
            let got = unsafe value.withUnsafeMutableBytes {
                unsafe millm_fgetxattr(original.number, name, $0.baseAddress, UInt($0.count))
            }
            guard got == size else { continue }
            // Some belong to the system or to root, and are set anew by whoever they belong to.
            _ = unsafe value.withUnsafeBytes {
                unsafe millm_fsetxattr(file.number, name, $0.baseAddress, UInt($0.count))
            }
        }
    }

    private static func names(of file: borrowing Descriptor) -> [String] {
        let size = millm_flistxattr(file.number, nil, 0)
        guard size > 0 else { return [] }
        var bytes = [CChar](repeating: 0, count: size)
        let got = unsafe bytes.withUnsafeMutableBufferPointer {
            unsafe millm_flistxattr(file.number, $0.baseAddress, UInt($0.count))
        }
        guard got > 0 else { return [] }
        return bytes.prefix(got).split(separator: 0).map { name in
            String(decoding: name.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
}
