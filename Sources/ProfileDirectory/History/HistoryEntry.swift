package import Profiles

/// One line of the history: what was applied, written or displaced, and when. Its bytes are kept apart, by digest.
package struct HistoryEntry: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The core took it over.
        case applied
        /// This program wrote it into the directory; it may have been replaced before the daemon looked.
        case written
        /// It stood in the directory, and gave way to something that did not know of it.
        case displaced
    }

    /// Names the entry for ever; a later one has a greater number.
    package var number: Int
    package var kind: Kind
    /// Nil for steering that was set without a file, and where no profile was active.
    package var id: ProfileID?
    /// The file's name in the profile directory.
    package var fileName: String?
    /// The digest of the bytes; nil if there are none: no profile was active.
    package var digest: ContentDigest?
    package var planDigest: ContentDigest?
    /// The number of features that were applied.
    package var features: Int?
    /// How it came to the core; nil for what was not applied.
    package var source: LoaderStatus.Source?
    package var at: Timestamp
    /// The daemon's generation with it.
    package var generation: Int?
    /// The commit that was checked out in the profile directory.
    package var revision: String?
}

/// What is to be remembered.
package struct HistoryRecord: Sendable {
    package var kind: HistoryEntry.Kind
    package var id: ProfileID?
    package var fileName: String?
    package var bytes: [UInt8]?
    package var planDigest: ContentDigest?
    package var features: Int?
    package var source: LoaderStatus.Source?
    package var at: Timestamp
    package var generation: Int?

    /// - Parameters:
    ///   - id: Nil for steering without a file, and for none.
    ///   - bytes: A profile's file; nil for no steering.
    package init(
        _ kind: HistoryEntry.Kind,
        id: ProfileID? = nil,
        fileName: String? = nil,
        bytes: [UInt8]? = nil,
        planDigest: ContentDigest? = nil,
        features: Int? = nil,
        source: LoaderStatus.Source? = nil,
        at time: Timestamp = .now(),
        generation: Int? = nil
    ) {
        self.kind = kind
        self.id = id
        self.fileName = fileName
        self.bytes = bytes
        self.planDigest = planDigest
        self.features = features
        self.source = source
        self.at = time
        self.generation = generation
    }
}

extension HistoryEntry {
    init(_ record: HistoryRecord, number: Int, digest: ContentDigest?, revision: String?) {
        self.init(
            number: number,
            kind: record.kind,
            id: record.id,
            fileName: record.fileName,
            digest: digest,
            planDigest: record.planDigest,
            features: record.features,
            source: record.source,
            at: record.at,
            generation: record.generation,
            revision: revision
        )
    }

    /// The name of a file that the bytes may come back to. Another one than the id's is nothing that this program wrote.
    var restoredName: String? {
        guard let id else { return nil }
        return fileName.flatMap { ProfileID(fileName: $0) == id ? $0 : nil } ?? id.fileNames[0]
    }

    /// Whether the core ran the same as in another entry.
    func isSame(as other: HistoryEntry) -> Bool {
        (id, digest, planDigest) == (other.id, other.digest, other.planDigest)
    }
}

// Absent values are written as null, as in status.json.

extension HistoryEntry: Codable {
    enum CodingKeys: String, CodingKey {
        case number, kind, id, digest, features, source, at, generation, revision
        case fileName = "file_name"
        case planDigest = "plan_digest"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(number, forKey: .number)
        try container.encode(kind, forKey: .kind)
        try container.encode(id, forKey: .id)
        try container.encode(fileName, forKey: .fileName)
        try container.encode(digest, forKey: .digest)
        try container.encode(planDigest, forKey: .planDigest)
        try container.encode(features, forKey: .features)
        try container.encode(source, forKey: .source)
        try container.encode(at, forKey: .at)
        try container.encode(generation, forKey: .generation)
        try container.encode(revision, forKey: .revision)
    }
}
