import Hummingbird
import Profiles
import Synchronization

/// The objects of profiles as JSON text, kept from one list to the next: of a thousand profiles few have changed.
final class RenderedProfiles: Sendable {
    /// The most bytes of text that are kept; beyond, it begins anew.
    private static let capacity = 16 << 20

    /// What an object is made from, as long as there are no findings.
    private struct Key: Hashable {
        var id: ProfileID
        var digest: ContentDigest
        var createdAt: Timestamp
        var updatedAt: Timestamp
        var isActive: Bool
    }

    private let state = Mutex<(texts: [Key: String], size: Int)>(([:], 0))

    /// The text of a profile's object.
    ///
    /// - Parameter render: Makes the object.
    func text(of file: ProfileFile, isActive: Bool, _ render: () -> JSONValue) -> String {
        // Findings can come from other files, too.
        guard file.diagnostics.isEmpty else { return render().text(indentation: nil) }
        let key = Key(
            id: file.id,
            digest: file.digest,
            createdAt: file.createdAt,
            updatedAt: file.updatedAt,
            isActive: isActive
        )
        if let text = state.withLock({ $0.texts[key] }) { return text }
        let text = render().text(indentation: nil)
        state.withLock { state in
            if state.size + text.utf8.count > Self.capacity { state = ([:], 0) }
            if state.texts.updateValue(text, forKey: key) == nil { state.size += text.utf8.count }
        }
        return text
    }
}
