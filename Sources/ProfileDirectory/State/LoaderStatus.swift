package import Profiles

/// What the daemon knows of itself: the object of `status.json` and of `GET /api/status`.
///
/// **Desired** is what the directory says, **applied** what the core runs.
package struct LoaderStatus: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, Codable {
        /// The core runs what the directory says.
        case ok
        /// No profile is active, and the core is unsteered.
        case inactive
        /// The link was moved or removed by a request that asked to leave the core as it is.
        case held
        /// What the directory says cannot be applied; the core goes on with the last good steering.
        case degraded
    }

    /// How changes are noticed.
    package enum Mode: String, Hashable, Sendable, Codable {
        case inotify, polling
    }

    package struct Desired: Hashable, Sendable {
        package var id: ProfileID
        /// Nil if the file could not be read.
        package var digest: ContentDigest?

        package init(id: ProfileID, digest: ContentDigest?) {
            self.id = id
            self.digest = digest
        }
    }

    package enum Source: String, Hashable, Sendable, Codable {
        case directory, api, rollback
    }

    package struct Applied: Hashable, Sendable {
        /// Nil for steering that was set without a file.
        package var id: ProfileID?
        package var digest: ContentDigest?
        package var planDigest: ContentDigest
        /// The number of features that the profile names.
        package var features: Int
        package var source: Source
        package var at: Timestamp

        package init(
            id: ProfileID?,
            digest: ContentDigest?,
            planDigest: ContentDigest,
            features: Int,
            source: Source,
            at: Timestamp
        ) {
            self.id = id
            self.digest = digest
            self.planDigest = planDigest
            self.features = features
            self.source = source
            self.at = at
        }
    }

    /// Why the state is degraded.
    package struct Reason: Hashable, Sendable {
        /// A ``DiagnosticCode``'s or ``ProfileError/Code``'s stable text.
        package var code: String
        package var message: String
        package var file: String?
        /// From 1; nil where the finding is about the file as a whole.
        package var line: Int?
        /// From 1, in Unicode scalars.
        package var column: Int?
        package var since: Timestamp

        package init(
            code: String,
            message: String,
            file: String? = nil,
            line: Int? = nil,
            column: Int? = nil,
            since: Timestamp
        ) {
            self.code = code
            self.message = message
            self.file = file
            self.line = line
            self.column = column
            self.since = since
        }
    }

    package struct Counters: Hashable, Sendable, Codable {
        package var applies = 0
        package var rejections = 0
        package var rescans = 0
        package var overflows = 0

        package init() {}
    }

    package struct Model: Hashable, Sendable, Codable {
        package var name: String
        package var embeddingSize: Int
        package var layerCount: Int

        package init(name: String, embeddingSize: Int, layerCount: Int) {
            self.name = name
            self.embeddingSize = embeddingSize
            self.layerCount = layerCount
        }

        enum CodingKeys: String, CodingKey {
            case name
            case embeddingSize = "n_embd"
            case layerCount = "n_layer"
        }
    }

    package struct SAE: Hashable, Sendable, Codable {
        package var id: String
        package var layer: Int
        package var featureCount: Int

        package init(id: String, layer: Int, featureCount: Int) {
            self.id = id
            self.layer = layer
            self.featureCount = featureCount
        }

        enum CodingKeys: String, CodingKey {
            case id, layer
            case featureCount = "d_sae"
        }
    }

    package var pid: Int32
    package var state: State
    package var mode: Mode
    /// Grows by one with every apply.
    package var generation: Int
    /// Nil if no profile is active.
    package var desired: Desired?
    /// Nil before the first apply and when nothing is steered.
    package var applied: Applied?
    /// Not nil exactly when `state` is `degraded`.
    package var reason: Reason?
    package var counters: Counters
    package var model: Model
    /// Nil if no SAE is attached.
    package var sae: SAE?

    package init(pid: Int32, mode: Mode, model: Model, sae: SAE?) {
        self.pid = pid
        self.state = .inactive
        self.mode = mode
        self.generation = 0
        self.counters = Counters()
        self.model = model
        self.sae = sae
    }
}

extension LoaderStatus.Desired {
    /// What the directory names; nil if it names nothing.
    package init?(_ desired: DesiredState) {
        switch desired {
        case .profile(let active): self.init(id: active.file.id, digest: active.file.digest)
        case .unreadable(let id, _): self.init(id: id, digest: nil)
        case .absent, .fault, .directoryGone: return nil
        }
    }
}

// Absent values are written as null, so that every key is always there for a script to read.

extension LoaderStatus: Codable {
    enum CodingKeys: String, CodingKey {
        case pid, state, mode, generation, desired, applied, reason, counters, model, sae
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(pid, forKey: .pid)
        try container.encode(state, forKey: .state)
        try container.encode(mode, forKey: .mode)
        try container.encode(generation, forKey: .generation)
        try container.encode(desired, forKey: .desired)
        try container.encode(applied, forKey: .applied)
        try container.encode(reason, forKey: .reason)
        try container.encode(counters, forKey: .counters)
        try container.encode(model, forKey: .model)
        try container.encode(sae, forKey: .sae)
    }
}

extension LoaderStatus.Desired: Codable {
    enum CodingKeys: String, CodingKey {
        case id, digest
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(digest, forKey: .digest)
    }
}

extension LoaderStatus.Applied: Codable {
    enum CodingKeys: String, CodingKey {
        case id, digest, features, source, at
        case planDigest = "plan_digest"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(digest, forKey: .digest)
        try container.encode(planDigest, forKey: .planDigest)
        try container.encode(features, forKey: .features)
        try container.encode(source, forKey: .source)
        try container.encode(at, forKey: .at)
    }
}

extension LoaderStatus.Reason: Codable {
    enum CodingKeys: String, CodingKey {
        case code, message, file, line, column, since
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(code, forKey: .code)
        try container.encode(message, forKey: .message)
        try container.encode(file, forKey: .file)
        try container.encode(line, forKey: .line)
        try container.encode(column, forKey: .column)
        try container.encode(since, forKey: .since)
    }
}
