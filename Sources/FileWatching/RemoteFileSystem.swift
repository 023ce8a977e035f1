import CLinux

/// File systems on which others write without this machine's kernel hearing of it.
package enum RemoteFileSystem {
    /// The magic numbers of statfs(2): NFS, SMB, CIFS, FUSE, 9p, Ceph, AFS.
    private static let types: Set<Int> = [
        0x6969, 0xFE53_4D42, 0xFF53_4D42, 0x6573_5546, 0x0102_1997, 0x00C3_6400, 0x5346_414F,
    ]

    /// Whether the directory lies on one.
    package static func holds(_ path: String) -> Bool {
        var status = statfs()
        guard unsafe statfs(path, &status) == 0 else { return false }
        return types.contains(Int(status.f_type) & 0xFFFF_FFFF)
    }
}
