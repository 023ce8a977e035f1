import Profiles

/// The name of an entry's file: `12-applied-<64 digits of the digest>-345.json`.
///
/// Number, kind, digest and size stand in the name, so that listing the folder tells what may go.
struct HistoryFileName: Hashable {
    var number: Int
    var kind: HistoryEntry.Kind
    /// The name of the file with the bytes; nil if there are none.
    var blob: String?
    /// The size of the bytes.
    var size: Int

    private static let suffix = ".json"
    private static let noBlob = "none"
    /// No file of this program's has a greater number or size: room to count on, and to add up.
    private static let greatest = 1 << 48

    init(number: Int, kind: HistoryEntry.Kind, digest: ContentDigest?, size: Int) {
        self.number = number
        self.kind = kind
        self.blob = digest.map(Self.blob)
        self.size = size
    }

    /// Reads a name; nil if it is none.
    init?(_ text: String) {
        guard text.hasSuffix(Self.suffix) else { return nil }
        // By bytes, for each write reads all names.
        let parts = text.utf8.dropLast(Self.suffix.utf8.count)
            .split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map { Substring($0) }
        guard parts.count == 4, let number = Int(parts[0]), let kind = HistoryEntry.Kind(rawValue: String(parts[1])),
            let size = Int(parts[3]), (1...Self.greatest).contains(number), (0...Self.greatest).contains(size)
        else { return nil }
        self.number = number
        self.kind = kind
        self.size = size
        guard parts[2] != Self.noBlob else { return }
        guard ContentDigest("sha256:" + parts[2]) != nil else { return nil }
        blob = String(parts[2])
    }

    var text: String { "\(number)-\(kind.rawValue)-\(blob ?? Self.noBlob)-\(size)" + Self.suffix }

    /// The name of the file that holds the bytes.
    static func blob(_ digest: ContentDigest) -> String { String(digest.description.dropFirst("sha256:".count)) }
}
