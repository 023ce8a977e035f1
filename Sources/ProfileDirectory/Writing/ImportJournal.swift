import FileWatching
import FoundationEssentials
import Glibc
import Profiles

/// What an import of several files is about, noted before the first of them gets its name, so that the next writer can
/// finish what a crash has interrupted.
///
/// A symbolic link is set first and removed last: while it is there, there can be temporaries. The plan comes when all
/// of them are written, and from then on the import happens as a whole.
struct ImportJournal {
    /// One file that waits for its name.
    struct Step: Codable {
        var temporaryName: String
        var fileName: String
        /// The file whose place it takes; nil if it is new.
        var replaced: String?
        /// The digest of what that file holds.
        var base: ContentDigest?
    }

    /// What the names of the files that wait start with.
    static let temporaryPrefix = ProfileFileName.temporaryPrefix + "import-"

    private static let linkName = ProfileFileName.temporaryPrefix + "import"
    private static let planName = temporaryPrefix + "plan"
    /// The greatest size of a plan in bytes: some hundred thousand files.
    private static let planLimit = 64 << 20
    private static let draftName = temporaryPrefix + "draft"

    /// Tells that so many files will be written under temporary names.
    static func begin(_ count: Int, in directory: borrowing DirectoryHandle) throws(SystemError) {
        guard unsafe symlinkat("\(count)", directory.descriptor.number, linkName) == 0 else {
            throw SystemError("symlink")
        }
    }

    /// Tells that they are all there.
    static func commit(_ steps: [Step], in directory: borrowing DirectoryHandle) throws(WriteFailure) {
        let bytes: Data
        do {
            bytes = try JSONEncoder().encode(steps)
        } catch {
            preconditionFailure("names and digests can be written as JSON")
        }
        try AtomicFile(Array(bytes), temporaryName: draftName).replace(planName, in: directory)
    }

    /// Takes everything away that still waits, and the notes.
    static func end(in directory: borrowing DirectoryHandle) {
        AtomicFile.remove(planName, in: directory)
        AtomicFile.remove(draftName, in: directory)
        // Those that are there, whatever the link says: anybody may have made it.
        for name in (try? directory.names()) ?? [] {
            let name = String(decoding: name, as: UTF8.self)
            if name.hasPrefix(temporaryPrefix) { AtomicFile.remove(name, in: directory) }
        }
        AtomicFile.remove(linkName, in: directory)
    }

    /// Brings an import to its end that was interrupted, or takes it back if no file had its name yet.
    ///
    /// - Parameter keep: Takes a file away, under its temporary name, whose place is another's by now.
    static func finish(
        in directory: borrowing DirectoryHandle,
        keep: (_ temporaryName: String, _ fileName: String) -> Void
    ) throws(SystemError) {
        guard try directory.target(of: linkName) != nil else { return }
        if let content = try? StableRead(planName, in: directory, upTo: planLimit),
            let steps = try? JSONDecoder().decode([Step].self, from: Data(content.bytes))
        {
            let sound = steps.filter(\.isSound)
            var isBegun = false
            for step in sound where try !waits(step, in: directory) { isBegun = true }
            if isBegun { for step in sound { try finish(step, in: directory, keep: keep) } }
        }
        end(in: directory)
    }

    /// Whether nothing has been done about a file yet.
    private static func waits(_ step: Step, in directory: borrowing DirectoryHandle) throws(SystemError) -> Bool {
        guard try directory.status(of: step.temporaryName) != nil else { return false }
        guard step.replaced == step.fileName else { return try directory.status(of: step.fileName) == nil }
        return digest(of: step.fileName, in: directory) == step.base
    }

    private static func finish(
        _ step: Step,
        in directory: borrowing DirectoryHandle,
        keep: (String, String) -> Void
    ) throws(SystemError) {
        if try directory.status(of: step.temporaryName) != nil {
            if step.replaced == step.fileName {
                guard digest(of: step.fileName, in: directory) == step.base else {
                    return keep(step.temporaryName, step.fileName)
                }
                return try AtomicFile.rename(step.temporaryName, to: step.fileName, in: directory)
            }
            do {
                try AtomicFile.move(step.temporaryName, to: step.fileName, in: directory)
            } catch {
                guard error.code == EEXIST else { throw error }
                return keep(step.temporaryName, step.fileName)
            }
        }
        try takeOver(step, in: directory)
    }

    /// Removes the file that another one has taken the place of; the link moves before.
    static func takeOver(_ step: Step, in directory: borrowing DirectoryHandle) throws(SystemError) {
        guard let old = step.replaced, old != step.fileName, digest(of: old, in: directory) == step.base else { return }
        if case .target(_, old) = try ActiveLink(in: directory) { try ActiveLink.set(step.fileName, in: directory) }
        AtomicFile.remove(old, in: directory)
    }

    private static func digest(of name: String, in directory: borrowing DirectoryHandle) -> ContentDigest? {
        (try? StableRead(name, in: directory)).map { ContentDigest(of: $0.bytes) }
    }
}

extension ImportJournal.Step {
    /// Whether its names are such as this program writes.
    fileprivate var isSound: Bool {
        let names = [fileName, replaced].compactMap(\.self)
        return temporaryName.hasPrefix(ImportJournal.temporaryPrefix) && !temporaryName.contains("/")
            && names.allSatisfy { name in
                if case .profile = ProfileFileName(name, file: name) { !name.contains("/") } else { false }
            }
    }
}
