import FileWatching
import Glibc
package import Profiles

/// The folder for what is not the user's: status, lock, history. One for each profile directory, and
/// never in it, so that git does not see it.
///
/// It is named after the path by which the directory's daemon came, made absolute: when a link on that path is swapped,
/// as git-sync does, the folder stays the same. No daemon writes in a folder that is named after another path, for that
/// may lead to another directory tomorrow.
package struct StateDirectory: Hashable, Sendable {
    /// An absolute path.
    package let path: String
    /// The profile directory's path, absolute; links on it are kept.
    let profiles: String
    /// Where the folders of all profile directories lie.
    private let root: String

    /// Finds the folder; it need not be there yet.
    ///
    /// Who came by another path than the directory's last daemon finds that daemon's folder, as long as both paths lead
    /// to the same directory. A daemon that the path has left behind, since another one serves what it leads to now,
    /// is passed over.
    ///
    /// - Parameters:
    ///   - profiles: The profile directory's path.
    ///   - environment: Of it, `XDG_STATE_HOME` and `HOME` are used.
    /// - Throws: `.inputOutput` if there is no home directory, or the path is no UTF-8.
    package init(forProfilesIn profiles: String, environment: [String: String]) throws(ProfileError) {
        let root: String
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            root = state + "/millm"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            root = home + "/.local/state/millm"
        } else {
            throw ProfileError(.inputOutput, "There is no place for the daemon's state. Set HOME or XDG_STATE_HOME.")
        }
        self.init(forProfilesAt: try Self.absolute(profiles), in: root)
    }

    private init(forProfilesAt profiles: String, in root: String) {
        let own = root + "/" + Self.folderName(for: profiles)
        let holder = DaemonLock.holder(inFolder: own)
        let rival = holder.flatMap { DaemonLock.claimant(of: profiles, besides: $0) }
        self.init(path: own, profiles: profiles, root: root)
        guard holder == nil || rival != nil, let way = Self.lastWay(to: profiles, in: root) else { return }
        let folder = root + "/" + Self.folderName(for: way)
        guard holder == nil || DaemonLock.holder(inFolder: folder) == rival else { return }
        self.init(path: folder, profiles: profiles, root: root)
    }

    private init(path: String, profiles: String, root: String) {
        self.path = path
        self.profiles = profiles
        self.root = root
    }

    /// The folder as it is found now: another daemon may have come since, by another path.
    package var foundAgain: StateDirectory { StateDirectory(forProfilesAt: profiles, in: root) }

    /// The pid of the daemon that serves the directory, while the folder is that of another one, which served what the
    /// path led to before: nothing in the folder is about this directory. Nil where that is not so.
    package var rival: Int32? {
        DaemonLock.holder(in: self).flatMap { DaemonLock.claimant(of: profiles, besides: $0) }
    }

    /// The folder that is named after the profile directory's path as it was given.
    private var own: StateDirectory {
        StateDirectory(path: root + "/" + Self.folderName(for: profiles), profiles: profiles, root: root)
    }

    /// The folder whose lock a daemon takes: its own, or where there is none, that of the one before.
    var forDaemon: StateDirectory { unsafe access(own.path, F_OK) == 0 ? own : self }

    /// Makes a daemon's folder its own, with what the one before has left in it.
    ///
    /// The daemon has locked the folder and claimed the profile directory, so nobody serves by the other path.
    func takenOver() throws(SystemError) -> StateDirectory {
        guard path != own.path else { return self }
        guard unsafe rename(path, own.path) == 0 else { throw SystemError("rename") }
        return own
    }

    /// Makes the folder, for its owner alone.
    ///
    /// - Throws: `.inputOutput` if that cannot be done.
    package func create() throws(ProfileError) {
        do throws(SystemError) {
            try Self.makeFolders(path)
            _ = try DirectoryHandle(path)
        } catch {
            throw ProfileError("The state folder '\(path)' cannot be made", error)
        }
    }

    // MARK: - Ways

    // For each directory there is a link that is named after its path without symbolic links, and leads to the path by
    // which its last daemon came. It counts as long as that leads there. Daemons alone write them.

    private static func ways(in root: String) -> String { root + "/ways" }

    /// The path by which the last daemon came to the directory; nil if there was none, or that leads elsewhere by now.
    private static func lastWay(to profiles: String, in root: String) -> String? {
        guard let real = realPath(profiles), let folder = try? DirectoryHandle(ways(in: root)),
            let way = try? folder.target(of: folderName(for: real)), realPath(way) == real
        else { return nil }
        return way
    }

    /// Tells those who come by another path that the directory's daemon came by this one.
    ///
    /// Where it cannot be told, they see that there is a daemon, but not its state.
    func tellWay() {
        let path = Self.ways(in: root)
        guard let real = Self.realPath(profiles), (try? Self.makeFolders(path)) != nil,
            let folder = try? DirectoryHandle(path)
        else { return }
        let number = folder.descriptor.number
        let name = Self.folderName(for: real)
        for other in (try? folder.names().map { String(decoding: $0, as: UTF8.self) }) ?? [] where other != name {
            // A directory to which the path has led before.
            if (try? folder.target(of: other)) == profiles { _ = unsafe unlinkat(number, other, 0) }
        }
        guard (try? folder.target(of: name)) != profiles else { return }
        _ = unsafe unlinkat(number, name, 0)
        _ = unsafe symlinkat(profiles, number, name)
    }

    /// Makes a folder and those above it, for their owner alone.
    static func makeFolders(_ path: String) throws(SystemError) {
        var made = ""
        for name in path.split(separator: "/") {
            made += "/" + name
            guard unsafe mkdir(made, 0o700) == 0 || errno == EEXIST else { throw SystemError("mkdir") }
        }
    }

    /// A readable name that no other path shares: `profiles-0123456789abcdef`.
    private static func folderName(for path: String) -> String { folderName(for: Array(path.utf8)) }

    private static func folderName(for path: [UInt8]) -> String {
        let name = path.split(separator: UInt8(ascii: "/")).last.map { String(decoding: $0, as: UTF8.self) } ?? "root"
        let readable = name.unicodeScalars.prefix(40).map {
            $0.properties.generalCategory == .control ? "_" : String($0)
        }
        let digest = ContentDigest(of: path).description
        return readable.joined() + "-" + digest.dropFirst("sha256:".count).prefix(16)
    }

    /// The path from the root on, without `.`, `..` and doubled slashes; links are kept, but for those before a `..`,
    /// which leads out of what they point at.
    private static func absolute(_ path: String) throws(ProfileError) -> String {
        var whole = path
        if !path.hasPrefix("/") {
            guard let folder = realPath(".").flatMap({ String(validating: $0, as: UTF8.self) }) else {
                throw ProfileError(
                    .inputOutput,
                    "The path of the working directory is no UTF-8, or that is gone. Work in another one, or rename it."
                )
            }
            whole = folder + "/" + path
        }
        var names: [Substring] = []
        for name in whole.split(separator: "/") where name != "." {
            guard name == ".." else {
                names.append(name)
                continue
            }
            let real = realPath("/" + names.joined(separator: "/")).flatMap { String(validating: $0, as: UTF8.self) }
            if let real { names = real.split(separator: "/") }
            _ = names.popLast()
        }
        return "/" + names.joined(separator: "/")
    }

    /// The bytes of the path without symbolic links, which need not be UTF-8.
    private static func realPath(_ path: String) -> [UInt8]? {
        guard let real = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(real) }
        return unsafe Array(UnsafeBufferPointer(start: real, count: strlen(real))).map(UInt8.init(bitPattern:))
    }
}
