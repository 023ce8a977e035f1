import FileWatching
import FoundationEssentials
import Glibc
import Profiles

/// A change of several names, noted before the first of them, so that it happens as a whole: whoever opens the directory
/// next brings to its end what was interrupted.
///
/// A mark is made first and removed last: while it is there, there can be temporaries. The plan comes when all
/// of them are written. Before that, nothing has changed; from then on, everything has, for who looks finishes it first.
/// Each step by itself leaves what `active` leads to as it was or as it shall be.
struct WritePlan: Codable, Hashable {
    /// One content that waits for its name.
    struct Step: Codable, Hashable {
        /// Where it waits, and behind it what has given way.
        var temporaryName: String
        var fileName: String
        var digest: ContentDigest
        /// The file whose place it takes, which may have another name; nil if there is none.
        var replaced: Replaced?
    }

    struct Replaced: Codable, Hashable {
        var fileName: String
        var digest: ContentDigest
    }

    /// What the link gets when all files have their names.
    struct Activation: Codable, Hashable {
        var fileName: String
        /// What tells whether `active` still is what it was; see ``ActiveLink/trace(in:)``.
        var before: String?
    }

    var steps: [Step]
    var activation: Activation?

    /// What the names of the files that wait start with.
    private static let temporaryPrefix = ProfileFileName.temporaryPrefix + "change-"
    private static let markName = ProfileFileName.temporaryPrefix + "change"
    private static let planName = temporaryPrefix + "plan"
    private static let draftName = temporaryPrefix + "draft"
    /// The greatest size of a plan in bytes: some hundred thousand files.
    private static let limit = 64 << 20

    static func temporaryName(_ number: Int) -> String { temporaryPrefix + String(number) }

    // MARK: - Notes

    /// Tells that files will be written under temporary names.
    static func begin(in directory: borrowing DirectoryHandle) throws(SystemError) {
        try AtomicFile([], durability: .volatile, temporaryName: markName).writeTemporary(like: nil, in: directory)
    }

    /// Tells that they are all there: from now on the change has happened.
    func commit(in directory: borrowing DirectoryHandle) throws(WriteFailure) {
        let bytes: Data
        do {
            bytes = try JSONEncoder().encode(self)
        } catch {
            preconditionFailure("names and digests can be written as JSON")
        }
        try AtomicFile(Array(bytes), temporaryName: Self.draftName).replace(Self.planName, in: directory)
    }

    /// Takes the notes away, and what still waits.
    ///
    /// - Parameter count: How many files were to be written; nil looks for them.
    static func end(_ count: Int? = nil, in directory: borrowing DirectoryHandle) {
        // First of all: without it, nobody finishes anything.
        AtomicFile.remove(planName, in: directory)
        AtomicFile.remove(draftName, in: directory)
        if let count {
            for number in 0..<count { AtomicFile.remove(temporaryName(number), in: directory) }
        } else {
            for name in (try? temporaries(in: directory)) ?? [] { AtomicFile.remove(name, in: directory) }
        }
        AtomicFile.remove(ActiveLink.temporaryName, in: directory)
        AtomicFile.remove(markName, in: directory)
    }

    private static func temporaries(in directory: borrowing DirectoryHandle) throws(SystemError) -> [String] {
        try directory.names()
            .map { String(decoding: $0, as: UTF8.self) }
            .filter { $0.hasPrefix(temporaryPrefix) && $0 != planName && $0 != draftName }
    }

    /// Whether there is a change that has to be finished.
    static func isThere(in directory: borrowing DirectoryHandle) -> Bool {
        (try? directory.status(of: planName)) != nil
    }

    /// Reads the plan; one that this program has not written has no steps.
    ///
    /// - Returns: nil if there is none.
    /// - Throws: Why it cannot be read, which says nothing about what it holds.
    static func read(in directory: borrowing DirectoryHandle) throws(SystemError) -> WritePlan? {
        do {
            let content = try StableRead(planName, in: directory, upTo: limit)
            let plan = try? JSONDecoder().decode(Self.self, from: Data(content.bytes))
            if let plan, plan.isSound { return plan }
        } catch .missing {
            return nil
        } catch .system(let error) {
            throw error
        } catch {}
        return WritePlan(steps: [], activation: nil)
    }

    init(steps: [Step], activation: Activation?) {
        self.steps = steps
        self.activation = activation
    }

    /// Whether its names are such as this program writes.
    private var isSound: Bool {
        let names =
            steps.map(\.fileName) + steps.compactMap(\.replaced?.fileName) + [activation?.fileName].compactMap(\.self)
        return names.allSatisfy { name in
            if case .profile = ProfileFileName(name, file: name) {
                !name.utf8.contains(UInt8(ascii: "/"))
            } else {
                false
            }
        }
            && steps.allSatisfy {
                $0.temporaryName.hasPrefix(Self.temporaryPrefix) && !$0.temporaryName.utf8.contains(UInt8(ascii: "/"))
            }
    }

    /// Brings a change to its end that was interrupted, or takes it back if it had not been decided on. The caller holds
    /// the lock.
    ///
    /// - Parameter keep: Takes a file away, under its temporary name, whose place is another's by now.
    /// - Throws: Why it cannot be finished now; then all that waits goes on waiting.
    static func finish(in directory: borrowing DirectoryHandle, keep: Keep) throws(SystemError) {
        guard try directory.status(of: markName) != nil || isThere(in: directory) else { return }
        if let plan = try read(in: directory) {
            do throws(Interruption) {
                try plan.carryOut(in: directory, passingOverConflicts: true, keep: keep)
            } catch {
                guard case .system(let error) = error.failure else { preconditionFailure("conflicts are passed over") }
                throw error
            }
            try plan.keepStrangers(in: directory, keep: keep)
        }
        end(in: directory)
    }

    /// Keeps what is behind a temporary name and not of the plan: someone has saved it right before it was displaced.
    private func keepStrangers(in directory: borrowing DirectoryHandle, keep: Keep) throws(SystemError) {
        let known = Set(steps.map(\.digest) + steps.compactMap(\.replaced?.digest))
        for name in try Self.temporaries(in: directory) {
            let content = try Step.read(name, in: directory)
            if let content, known.contains(ContentDigest(of: content.bytes)) { continue }
            keep(name, steps.first { $0.temporaryName == name }?.fileName ?? "interrupted")
        }
    }

    /// Whether two files are one profile, on its way from one name to the other.
    func joins(_ one: String, _ other: String) -> Bool {
        steps.contains { step in
            guard let old = step.replaced?.fileName, old != step.fileName else { return false }
            return (step.fileName, old) == (one, other) || (step.fileName, old) == (other, one)
        }
    }
}
