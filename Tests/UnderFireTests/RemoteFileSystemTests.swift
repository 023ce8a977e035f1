import Foundation
import MillmTesting
import ProfileDirectory
import Profiles
import Testing

/// File systems of other machines, which a kernel without NFS, SMB and 9p cannot mount: `strace` answers in their place.
/// What they have in common with FUSE is shown on a real mount by ``DaemonFaultTests``.
@Suite(.serialized) struct RemoteFileSystemTests {
    /// What statfs(2) says of them, in the bytes of this machine's order.
    @Test(arguments: ["NFS 6969", "9p 97190201", "SMB 424d53fe", "FUSE 46557365"])
    func `it is told by its number, polled, and written to without the calls that it lacks`(
        number: String
    ) async throws {
        let bytes = number.split(separator: " ")[1]
        let type = bytes + String(repeating: "0", count: 16 - bytes.count)
        let strace = [
            "/bin/bash", "-ec",
            """
            for argument in "$@"; do case "$argument" in */profiles) directory=$argument;; esac; done
            exec strace -f -qq -o /dev/null -P "$directory" \
                -e trace=statfs,fstatfs,renameat2,flock -e inject=statfs,fstatfs:poke_exit=@arg2=\(type) \
                -e inject=renameat2:error=EINVAL -e inject=flock:error=EBADF "$@"
            """, "bash",
        ]
        try await LiveDaemon.with(launcher: strace, poll: 0.1) { daemon in
            let status = try await daemon.applied(Version(1, lines: 20))
            #expect(status.mode == .polling, "\(number)")
            for request in LiveDaemon.writes { #expect(try await daemon.ask(request).code == " 200") }
            for command in [
                ["set", "p", "3=77"], ["rename", "p", "q"], ["copy", "q", "r"], ["activate", "r", "--wait"],
                ["delete", "q"], ["deactivate", "--wait"], ["repair"],
            ] {
                let arguments = strace + [Products.millm, "--profiles", daemon.profiles] + command
                let outcome = try await run(arguments, environment: ["XDG_STATE_HOME": daemon.root + "/state"])
                #expect(outcome.status == 0, "\(command): \(outcome.output)")
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: daemon.profiles)
            #expect(Set(names) == ["new.yaml", "late.yaml", "r.yaml", ".millm-lock"])
            try await daemon.status { $0.state == .inactive }
        }
    }

    /// NFS and SMB refuse the lease of a file that is not delegated to this machine as they do of one that is being
    /// written: the third call of a read ends the lease.
    @Test(arguments: [("NFS", "6969000000000000"), ("SMB", "424d53fe00000000"), ("FUSE", "4655736500000000")])
    func `a refused lease tells of a writer, but on NFS and SMB`(name: String, type: String) async throws {
        try await withTemporaryDirectory { root in
            try await shell("mkdir profiles", in: root)
            try await LiveDaemon.plainDirectory(root)
            let strace =
                ["/usr/bin/strace", "-f", "-qq", "-o", root + "/calls", "-P", root + "/profiles/p.yaml"]
                + ["-e", "trace=fcntl,fstatfs", "-e", "inject=fcntl:error=EAGAIN:when=2+3"]
                + ["-e", "inject=fstatfs:poke_exit=@arg2=\(type)"]
            let outcome = try await run(
                strace + [Products.millm, "--profiles", root + "/profiles", "set", "p", "3=77"],
                environment: ["XDG_STATE_HOME": root + "/state"]
            )
            #expect((outcome.status == 0) == (name != "FUSE"), "\(outcome.output)")
            let calls = try String(contentsOfFile: root + "/calls", encoding: .utf8)
            let leases = calls.split(separator: "\n").filter { $0.contains("F_RDLCK") }
            #expect(!leases.isEmpty)
            #expect(leases.allSatisfy { $0.contains("EAGAIN") }, "\(calls)")
        }
    }
}
