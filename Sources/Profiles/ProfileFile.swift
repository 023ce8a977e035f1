package import YAML

/// What is known of one profile file: the profile that it holds, or why it holds none.
package struct ProfileFile: Hashable, Sendable {
    package var id: ProfileID
    /// The name inside the directory, extension included.
    package var fileName: String
    /// The file as findings name it: the directory as the user gave it, and the file's name.
    package var path: String
    /// The SHA-256 of the file's bytes.
    package var digest: ContentDigest
    /// The file's birth time, or where the file system keeps none, its ctime.
    package var createdAt: Timestamp
    /// The file's mtime.
    package var updatedAt: Timestamp
    /// What the bytes were decoded to.
    package var decoded: DecodedProfile
    /// Whether more may have been about to come when the file was read: a program was known to have it open for writing,
    /// or it was written just now, and of programs that have it open nothing is known.
    package var isBeingWritten = false

    package init(
        id: ProfileID,
        fileName: String,
        path: String,
        digest: ContentDigest,
        createdAt: Timestamp,
        updatedAt: Timestamp,
        decoded: DecodedProfile
    ) {
        self.id = id
        self.fileName = fileName
        self.path = path
        self.digest = digest
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.decoded = decoded
    }

    /// The profile; nil if the file is invalid.
    package var profile: Profile? { decoded.profile }

    /// Whether the file holds a profile.
    package var isValid: Bool { profile != nil }
    /// All findings about the file.
    package var diagnostics: [Diagnostic] { decoded.diagnostics }
    /// The name that people see; an invalid file has only its id.
    package var displayName: String { profile?.name ?? id.description }
}

/// The outcome of decoding a file's bytes.
package struct DecodedProfile: Hashable, Sendable {
    /// The formats that a profile can be read from.
    package enum Format: String, Hashable, Sendable, Codable {
        /// miLLM's row shape as YAML or JSON: no `version` key.
        case version0
        /// The format of SPEC §2.
        case version1
        /// miLLM's export with `type: millm_profile` and the profile inside.
        case millmEnvelope
        /// miLLM's export with everything at the top.
        case millmFlat
    }

    /// Where the values stand in the file, so that later findings (compatibility) can point at them.
    package struct Ranges: Hashable, Sendable {
        package var name: SourceRange?
        package var model: SourceRange?
        package var sae: SourceRange?
        package var layer: SourceRange?
        package var features: FeatureRanges

        package init(
            name: SourceRange? = nil,
            model: SourceRange? = nil,
            sae: SourceRange? = nil,
            layer: SourceRange? = nil,
            features: FeatureRanges = FeatureRanges()
        ) {
            self.name = name
            self.model = model
            self.sae = sae
            self.layer = layer
            self.features = features
        }
    }

    /// The format that was recognised; nil if the bytes are no mapping at all.
    package var format: Format?
    /// The profile, if there is no finding of severity error.
    package var profile: Profile?
    package var ranges = Ranges()
    package var diagnostics: [Diagnostic] = []
}

// Here, so that the decoder has the memberwise initializer, which copies nothing.
extension DecodedProfile {
    /// A profile that comes from elsewhere.
    package init(_ profile: Profile, ranges: Ranges = Ranges()) {
        self.init(format: nil, profile: profile, ranges: ranges)
    }

    /// A file that holds no profile.
    package init(refusedFor diagnostics: [Diagnostic]) {
        self.init(format: nil, profile: nil, diagnostics: diagnostics)
    }
}
