import CLinux
import Glibc

/// File systems on which others write without this machine's kernel hearing of it.
package enum RemoteFileSystem {
    /// The magic numbers of statfs(2), from the kernel's `linux/magic.h` and the file systems' own sources.
    private static let types: Set<UInt32> = delegating.union([
        0x6573_5546,  // FUSE, and with it virtiofs
        0x0102_1997,  // 9p
        0x00C3_6400,  // Ceph
        0x5346_414F, 0x6B41_4653,  // AFS
        0x7375_7245,  // Coda
        0x7461_636F, 0x0116_1970, 0x4750_4653, 0x0BD0_0BD0,  // OCFS2, GFS2, GPFS, Lustre
        0x786F_4256, 0xBACB_ACBC,  // folders that VirtualBox and VMware share
    ])

    /// Those that grant a lease only on a file which the server has delegated, and else refuse it as if it had a writer.
    private static let delegating: Set<UInt32> = [
        0x0000_6969,  // NFS
        0x0000_517B, 0xFE53_4D42, 0xFF53_4D42,  // SMB
    ]

    /// Whether the directory lies on one.
    package static func holds(_ path: String) -> Bool {
        var status = statfs()
        return unsafe statfs(path, &status) == 0 && types.contains(type(of: status))
    }

    /// Whether the open file lies on one.
    package static func holds(_ file: borrowing Descriptor) -> Bool {
        var status = statfs()
        return unsafe fstatfs(file.number, &status) == 0 && types.contains(type(of: status))
    }

    /// Whether a lease that is refused on the open file says nothing about its writers.
    package static func refusesLeases(on file: borrowing Descriptor) -> Bool {
        var status = statfs()
        return unsafe fstatfs(file.number, &status) == 0 && delegating.contains(type(of: status))
    }

    private static func type(of status: statfs) -> UInt32 { UInt32(truncatingIfNeeded: status.f_type) }
}
