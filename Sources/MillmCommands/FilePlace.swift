import Glibc

/// Questions about where files are.
enum FilePlace {
    /// The path without symbolic links; nil if there is nothing.
    static func real(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// The folder of the running program.
    private static var programFolder: String? {
        real("/proc/self/exe").flatMap { path in
            path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
        }
    }

    /// Where the installation puts a thing that comes with the program: `/usr/local/share/millm/templates`.
    static func installed(_ name: String) -> String? {
        guard let folder = programFolder, let slash = folder.lastIndex(of: "/") else { return nil }
        return folder[..<slash] + "/share/millm/\(name)"
    }

    /// Whether there is a regular file, maybe behind symbolic links.
    static func isFile(_ path: String) -> Bool { kind(path) == S_IFREG }

    /// Whether there is a directory, maybe behind symbolic links.
    static func isDirectory(_ path: String) -> Bool { kind(path) == S_IFDIR }

    /// Whether there is anything that can be seen, maybe behind symbolic links.
    static func isThere(_ path: String) -> Bool { kind(path) != nil }

    /// How many names the file has that is there, hard links counted; 0 if there is none.
    static func nameCount(_ path: String) -> Int { status(path).map { Int($0.st_nlink) } ?? 0 }

    /// What tells one file from another, whatever their names are.
    struct Identity: Hashable {
        var device: UInt
        var number: UInt
    }

    /// The file that is there; nil if there is none.
    static func identity(_ path: String) -> Identity? {
        status(path).map { Identity(device: UInt($0.st_dev), number: UInt($0.st_ino)) }
    }

    private static func kind(_ path: String) -> mode_t? { status(path).map { $0.st_mode & S_IFMT } }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }

    /// The names in a folder; none if it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let bytes = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if let name = String(validating: bytes, as: UTF8.self), name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Whether a directory lies in the project that the folder belongs to: below the folder's parent.
    static func isInProject(ofFolder folder: String, _ directory: String) -> Bool {
        guard let folder = real(folder), let directory = real(directory) else { return false }
        let project = folder.split(separator: "/").dropLast()
        return !project.isEmpty && directory.split(separator: "/").starts(with: project)
    }

    /// The path of a file as seen from a directory: `../Templates/profile.schema.json`.
    ///
    /// - Returns: Nil if either is not there, or if the path holds white space, which a modeline cannot have.
    static func reference(to file: String, from directory: String) -> String? {
        guard let file = real(file), let directory = real(directory) else { return nil }
        let target = file.split(separator: "/")
        let start = directory.split(separator: "/")
        let shared = zip(target, start).prefix { $0 == $1 }.count
        let names = Array(repeating: Substring(".."), count: start.count - shared) + target[shared...]
        let path = (names.first == ".." ? "" : "./") + names.joined(separator: "/")
        return path.contains(where: \.isWhitespace) ? nil : path
    }
}
