import FileWatching
import Glibc

/// The commit that is checked out where a directory lies.
///
/// It reads what git keeps, without git: `HEAD`, loose and packed references, linked work trees and submodules
/// (gitrepository-layout(5)). Whatever is not understood is no revision.
enum GitRevision {
    /// The hexadecimal name of the commit; nil if the directory lies in no work tree, or nothing is committed yet.
    static func head(ofWorkTreeAt directory: String) -> String? {
        guard let gitDirectory = gitDirectory(above: directory) else { return nil }
        let common = commonDirectory(of: gitDirectory)
        var reference = "HEAD"
        // A symbolic reference may name another one; git follows five of them.
        for _ in 0..<6 {
            let loose = line(of: gitDirectory + "/" + reference) ?? line(of: common + "/" + reference)
            guard let text = loose ?? packed(reference, in: common) else { return nil }
            guard text.hasPrefix("ref:") else { return isName(text) ? text : nil }
            reference = String(text.dropFirst("ref:".count).drop { $0 == " " || $0 == "\t" })
            guard !reference.isEmpty, !reference.split(separator: "/").contains("..") else { return nil }
        }
        return nil
    }

    /// Waits while git checks files out, and so for the commit that they are of: git notes that behind the files.
    ///
    /// It blocks for a second at most; the lock of a git that has crashed stays.
    static func waitForCheckout(ofWorkTreeAt directory: String) {
        guard let gitDirectory = gitDirectory(above: directory) else { return }
        var isUnderWay: Bool { unsafe access(gitDirectory + "/index.lock", F_OK) == 0 }
        guard isUnderWay else { return }
        let deadline = ContinuousClock.now + .seconds(1)
        while isUnderWay, .now < deadline { usleep(5000) }
        // HEAD follows the index.
        usleep(50_000)
    }

    private static func gitDirectory(above directory: String) -> String? {
        guard let real = unsafe realpath(directory, nil) else { return nil }
        defer { unsafe free(real) }
        var place = unsafe String(cString: real)
        while true {
            let candidate = (place == "/" ? "" : place) + "/.git"
            if isDirectory(candidate) { return candidate }
            if let text = line(of: candidate), text.hasPrefix("gitdir:") {
                let target = String(text.dropFirst("gitdir:".count).drop { $0 == " " })
                return absolute(target, from: place)
            }
            guard place != "/", let slash = place.lastIndex(of: "/") else { return nil }
            place = slash == place.startIndex ? "/" : String(place[..<slash])
        }
    }

    /// Where a linked work tree's references lie.
    private static func commonDirectory(of gitDirectory: String) -> String {
        line(of: gitDirectory + "/commondir").map { absolute($0, from: gitDirectory) } ?? gitDirectory
    }

    private static func packed(_ reference: String, in common: String) -> String? {
        guard let bytes = content(of: common + "/packed-refs", limit: 16 << 20) else { return nil }
        let wanted = Array((" " + reference).utf8)
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.count > 40 {
            guard line.suffix(wanted.count).elementsEqual(wanted) else { continue }
            let name = String(decoding: line.dropLast(wanted.count), as: UTF8.self)
            if isName(name) { return name }
        }
        return nil
    }

    private static func isName(_ text: String) -> Bool {
        [40, 64].contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    private static func absolute(_ path: String, from place: String) -> String {
        path.hasPrefix("/") ? path : place + "/" + path
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The first line of a small file; nil if there is none.
    private static func line(of path: String) -> String? {
        guard let bytes = content(of: path, limit: 4096) else { return nil }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        return line.isEmpty ? nil : String(validating: line, as: UTF8.self)
    }

    /// A regular file's content; nil if it cannot be read, or is larger than any that git writes here.
    private static func content(of path: String, limit: Int) -> [UInt8]? {
        let number = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        guard number >= 0 else { return nil }
        let file = Descriptor(owning: number)
        var status = stat()
        guard unsafe fstat(file.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit
        else { return nil }
        return unsafe [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let rest = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]
                )
                let got = unsafe read(file.number, rest.baseAddress, rest.count)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                count += got
            }
        }
    }
}
