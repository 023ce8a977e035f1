import FileWatching
import Glibc
package import Profiles

/// The folder for what is not the user's: status, lock, history. One for each profile directory, and
/// never in it, so that git does not see it.
package struct StateDirectory: Hashable, Sendable {
    /// An absolute path.
    package let path: String
    /// The profile directory's path, absolute; links on it are kept.
    let profiles: String
    /// Where the folders of all profile directories lie.
    private let root: String

    /// In a folder that has another name, too: a link to the profile directory by the path that the folder is named after.
    private static let origin = "directory"

    /// Finds the folder; it need not be there yet.
    ///
    /// It is named after the path that the user gave, made absolute: when a link on the path is swapped,
    /// as git-sync does, the folder stays the same. The path without links leads to it, too.
    ///
    /// - Parameters:
    ///   - profiles: The profile directory's path.
    ///   - environment: Of it, `XDG_STATE_HOME` and `HOME` are used.
    /// - Throws: `.inputOutput` if there is no home directory.
    package init(forProfilesIn profiles: String, environment: [String: String]) throws(ProfileError) {
        let root: String
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            root = state + "/millm"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            root = home + "/.local/state/millm"
        } else {
            throw ProfileError(.inputOutput, "There is no place for the daemon's state. Set HOME or XDG_STATE_HOME.")
        }
        self.root = root
        self.profiles = Self.absolute(profiles)
        let given = root + "/" + Self.folderName(for: self.profiles)
        let real = Self.realPath(profiles).map { root + "/" + Self.folderName(for: $0) }
        // Someone who came to the directory by another way finds the folder by the real path.
        path = [given, real].compactMap(\.self).first { Self.isThere($0, for: profiles) } ?? given
    }

    /// Whether there is a folder. The name of one that is about another directory by now, as a link on the path has been
    /// swapped, is taken away.
    private static func isThere(_ folder: String, for profiles: String) -> Bool {
        var status = stat()
        guard unsafe lstat(folder, &status) == 0 else { return false }
        guard status.st_mode & S_IFMT == S_IFLNK, let real = realPath(profiles) else { return true }
        if realPath(folder + "/" + origin) == real { return true }
        _ = unsafe unlink(folder)
        return false
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
        nameAlso()
    }

    /// Makes the folder be found by the profile directory's path without symbolic links, too, as it is now.
    ///
    /// It fails if there is one, and without it only the other way to the directory finds nothing.
    func nameAlso() {
        let name = Self.folderName(for: profiles)
        guard let real = Self.realPath(profiles), real != profiles, path == root + "/" + name else { return }
        let other = root + "/" + Self.folderName(for: real)
        guard !Self.isThere(other, for: real) else { return }
        _ = unsafe symlink(profiles, path + "/" + Self.origin)
        _ = unsafe symlink(name, other)
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
    private static func folderName(for path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? "root"
        let readable = name.unicodeScalars.prefix(40).map {
            $0.properties.generalCategory == .control ? "_" : String($0)
        }
        let digest = ContentDigest(of: Array(path.utf8)).description
        return readable.joined() + "-" + digest.dropFirst("sha256:".count).prefix(16)
    }

    /// The path from the root on, without `.`, `..` and doubled slashes; links are kept.
    private static func absolute(_ path: String) -> String {
        let whole = path.hasPrefix("/") ? path : (realPath(".") ?? "") + "/" + path
        var names: [Substring] = []
        for name in whole.split(separator: "/") where name != "." {
            if name == ".." { _ = names.popLast() } else { names.append(name) }
        }
        return "/" + names.joined(separator: "/")
    }

    private static func realPath(_ path: String) -> String? {
        guard let real = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }
}
