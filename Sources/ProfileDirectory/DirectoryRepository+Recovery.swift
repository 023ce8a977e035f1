import FileWatching
import Glibc
package import Profiles

extension DirectoryRepository {
    /// How long who reads waits for who changes several files. Whoever else holds the lock holds up nobody for longer.
    private static let patienceOfReaders = Duration.milliseconds(100)

    /// Finishes what a crash has left half done: a change of several files, temporary files, bytes in the history that nothing names.
    ///
    /// Every writer does the same for the directory before it begins.
    ///
    /// - Throws: `.inputOutput`.
    package func recover() async throws(ProfileError) {
        try await write { directory throws(ProfileError) in
            do throws(SystemError) {
                // Those of fixed names have gone already.
                for name in try temporaries(in: directory) { AtomicFile.remove(name, in: directory) }
            } catch {
                throw ProfileError("The directory '\(path.escapedForDisplay)' cannot be read", error)
            }
        }
        try history?.recover()
    }

    /// This program's own temporaries. Nobody uses them while the lock is held.
    func temporaries(in directory: borrowing DirectoryHandle) throws(SystemError) -> [String] {
        try directory.names()
            .map { String(decoding: $0, as: UTF8.self) }
            .filter { $0.hasPrefix(ProfileFileName.temporaryPrefix) && $0 != DirectoryLock.fallbackName }
            .sorted()
    }

    /// Finishes what the last writer has left, if it was interrupted. The caller holds the lock.
    ///
    /// - Complexity: Some system calls, whatever the directory holds.
    func finishInterrupted(in directory: borrowing DirectoryHandle) throws(SystemError) {
        try sweepWritten(in: directory)
        // What stood at 'active' may have been saved right before it gave way.
        let name = ActiveLink.temporaryName
        if try directory.status(of: name)?.kind == .regular, try !ActiveLink.mayGo(name, nil, in: directory) {
            rescue(name, of: ProfileFileName.active, in: directory)
        } else {
            AtomicFile.remove(name, in: directory)
        }
        try finishPlan(in: directory)
    }

    private func finishPlan(in directory: borrowing DirectoryHandle) throws(SystemError) {
        try WritePlan.finish(in: directory) { temporary, fileName in
            rescue(temporary, of: fileName, in: directory)
        }
    }

    /// Finishes a change that was decided on and interrupted, so that who looks sees it as a whole. One that is under way
    /// just now takes some milliseconds. Who may not write sees what it comes to.
    func finishDecided(in directory: inout DirectoryHandle) throws(SystemError) {
        guard WritePlan.isThere(in: directory) else { return }
        do throws(SystemError) {
            try finishPlanWithLock(in: directory)
        } catch {
            // Whoever has the lock finishes it, or takes it back.
            if error.code == EWOULDBLOCK { return }
        }
        // The plan goes last, and stays where nothing may be changed.
        if let plan = try? WritePlan.read(in: directory) { directory.view = try plan.view(of: directory) }
    }

    private func finishPlanWithLock(in directory: borrowing DirectoryHandle) throws(SystemError) {
        let lock = try DirectoryLock(directory, patience: Self.patienceOfReaders)
        try lock.hold { () throws(SystemError) in try finishPlan(in: directory) }
    }

    /// The temporary of a write that was interrupted holds the new bytes, or those that changed places with them: what
    /// is not known yet is kept.
    private func sweepWritten(in directory: borrowing DirectoryHandle) throws(SystemError) {
        let name = AtomicFile.temporaryName
        guard try directory.status(of: name) != nil else { return }
        if let history {
            let bytes = (try? StableRead(name, in: directory))?.bytes
            let isKnown = bytes.map { $0.isEmpty || (try? history.bytes(of: ContentDigest(of: $0))) != nil }
            guard isKnown == true else { return rescue(name, of: "interrupted", in: directory) }
        }
        AtomicFile.remove(name, in: directory)
    }
}
