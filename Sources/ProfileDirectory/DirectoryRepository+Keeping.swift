import FileWatching
import Glibc
import Profiles

// What must not be lost, even if nobody will ever ask for it.

extension DirectoryRepository {
    /// Remembers what is about to be written, for an editor that does not look may replace it at once.
    func remember(_ bytes: [UInt8], as fileName: String) {
        // It is a second copy: that it cannot be made is no reason not to make the first.
        try? history?.keep(record(.written, bytes, fileName), durability: .volatile)
    }

    /// Keeps what is about to be displaced.
    ///
    /// - Throws: `.inputOutput`.
    func keepDisplaced(_ bytes: [UInt8], of fileName: String) throws(ProfileError) {
        try history?.keep(record(.displaced, bytes, fileName), durability: .durable)
    }

    /// Takes a file away from a temporary name: into the history, or if it finds no place there, beside the profile
    /// under a name that is ignored.
    func rescue(_ temporaryName: String, of fileName: String, in directory: borrowing DirectoryHandle) {
        if let history, let content = try? StableRead(temporaryName, in: directory),
            (try? history.keep(record(.displaced, content.bytes, fileName), durability: .durable)) != nil
        {
            AtomicFile.remove(temporaryName, in: directory)
            return
        }
        for number in 1...1000 {
            do {
                return try AtomicFile.move(temporaryName, to: "\(fileName).\(number).orig", in: directory)
            } catch {
                guard error.code == EEXIST else { return }
            }
        }
    }

    private func record(_ kind: HistoryEntry.Kind, _ bytes: [UInt8], _ fileName: String) -> HistoryRecord {
        let id = ProfileFileName.stem(of: fileName).flatMap { try? ProfileID($0) }
        return HistoryRecord(kind, id: id, fileName: fileName, bytes: bytes)
    }
}
