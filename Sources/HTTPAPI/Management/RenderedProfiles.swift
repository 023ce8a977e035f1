import Profiles
import Synchronization

/// The objects of profiles as JSON text, kept from one list to the next: of a thousand profiles few have changed.
final class RenderedProfiles: Sendable {
    /// The most bytes of text that are kept.
    private static let capacity = 16 << 20

    /// What an object is made from, as long as there are no findings.
    private struct Key: Hashable {
        var id: ProfileID
        var digest: ContentDigest
        var createdAt: Timestamp
        var updatedAt: Timestamp
        var isActive: Bool

        init(_ file: ProfileFile, isActive: Bool) {
            id = file.id
            digest = file.digest
            createdAt = file.createdAt
            updatedAt = file.updatedAt
            self.isActive = isActive
        }
    }

    private let kept = Mutex<[Key: String]>([:])

    /// The texts of a list's profiles, in order. Of other profiles, and of these as they were, nothing is kept.
    ///
    /// - Parameter render: Makes a profile's object.
    func texts(of files: [ProfileFile], activeID: ProfileID?, _ render: (ProfileFile) -> JSONValue) -> [String] {
        let known = kept.withLock { $0 }
        var made: [(key: Key, text: String)] = []
        var size = 0
        var hits = 0
        let texts = files.map { file in
            // Findings can come from other files, too.
            guard file.diagnostics.isEmpty else { return render(file).text(indentation: nil) }
            let key = Key(file, isActive: file.id == activeID)
            let text = known[key]
            if text != nil { hits += 1 }
            let result = text ?? render(file).text(indentation: nil)
            size += result.utf8.count
            if size <= Self.capacity { made.append((key, result)) }
            return result
        }
        if hits != made.count || hits != known.count {
            let now = Dictionary(made.map { ($0.key, $0.text) }) { first, _ in first }
            kept.withLock { $0 = now }
        }
        return texts
    }
}
