import Profiles
import Synchronization

/// What the last list of all profiles told: what is missing or invalid since then may be half of a change.
final class LastList: Sendable {
    private struct Item: Equatable {
        var id: ProfileID
        var isValid: Bool
    }

    private let items = Mutex<[Item]>([])

    /// The profiles that are missing or invalid in a list, and were not so in the last one.
    ///
    /// A file that was invalid then has had its time: whoever changes it as often as they like holds up no list.
    func doubts(about files: [ProfileFile]) -> Set<ProfileID> {
        let last = items.withLock { $0 }
        guard !last.elementsEqual(files, by: { $0.id == $1.id && $0.isValid == $1.isValid }) else { return [] }
        let invalid = Set(last.lazy.filter { !$0.isValid }.map(\.id))
        let missing = Set(last.lazy.map(\.id)).subtracting(files.lazy.map(\.id))
        return missing.union(files.lazy.filter { !$0.isValid }.map(\.id)).subtracting(invalid)
    }

    /// Keeps what a list tells.
    func note(_ files: [ProfileFile]) {
        items.withLock { items in
            guard !items.elementsEqual(files, by: { $0.id == $1.id && $0.isValid == $1.isValid }) else { return }
            items = files.map { Item(id: $0.id, isValid: $0.isValid) }
        }
    }
}
