import FileWatching
import Glibc
package import Profiles

/// Which profile was activated in spite of names that do not match (SPEC §5): the link `forced` in the state folder,
/// which holds an id as `active` holds the name of a file.
///
/// It counts as long as that profile is the active one, so a daemon that restarts finds it. It is written and
/// removed by whoever holds the lock of the directory of profiles, together with the link `active`.
package struct ForceRecord: Hashable, Sendable {
    /// The link's name in the state folder.
    package static let name = "forced"

    private static let temporaryName = ProfileFileName.temporaryPrefix + name

    private let folder: StateDirectory

    package init(in folder: StateDirectory) {
        self.folder = folder
    }

    /// Whether a profile is the one. What cannot be read forces nothing.
    package func forces(_ id: ProfileID) -> Bool { read().contains(id) }

    /// The profile; two while the link moves from one to the other; none if there is none.
    package func read() -> [ProfileID] {
        guard let directory = try? DirectoryHandle(folder.path), let text = try? directory.target(of: Self.name) else {
            return []
        }
        return text.split(separator: "/").compactMap { try? ProfileID(String($0)) }
    }

    /// - Throws: `.inputOutput`.
    func write(_ ids: [ProfileID]) throws(ProfileError) {
        try folder.create()
        do throws(SystemError) {
            let directory = try DirectoryHandle(folder.path)
            let number = directory.descriptor.number
            // What a crash has left behind, for nobody else writes now.
            AtomicFile.remove(Self.temporaryName, in: directory)
            guard unsafe symlinkat(ids.map(\.description).joined(separator: "/"), number, Self.temporaryName) == 0
            else {
                throw SystemError("symlink")
            }
            guard unsafe renameat(number, Self.temporaryName, number, Self.name) == 0 else {
                throw SystemError("rename")
            }
            try directory.synchronize()
        } catch {
            throw ProfileError("'\(folder.path)/\(Self.name)' cannot be written", error)
        }
    }

    /// Removes the record, if there is one.
    ///
    /// - Throws: `.inputOutput`.
    func remove() throws(ProfileError) {
        guard unsafe unlink(folder.path + "/" + Self.name) != 0 else { return }
        let error = SystemError("unlink")
        guard error.code != ENOENT, error.code != ENOTDIR else { return }
        throw ProfileError("'\(folder.path)/\(Self.name)' cannot be removed", error)
    }

    /// Removes the record if its profile is not the active one any more: somebody moved the link by hand.
    ///
    /// While another writer is at work nothing is done; the next look at the directory tries again.
    package func removeIfOutdated(in profiles: String) {
        guard !read().isEmpty, let directory = try? DirectoryHandle(profiles),
            let lock = try? DirectoryLock(directory, patience: .zero)
        else { return }
        lock.hold {
            guard let link = try? ActiveLink(in: directory) else { return }
            switch link {
            case .target(let id, _) where forces(id): return
            case .broken: return
            case .target, .absent: try? remove()
            }
        }
    }
}
