import Glibc
import ProfileDirectory
import Profiles
import Steering
import YAML

extension LoaderStatus {
    /// The status of a daemon that has not yet looked at its directory.
    init(core: any InferenceCore, sae: SparseAutoencoder?) {
        self.init(
            pid: getpid(),
            mode: .inotify,
            model: Model(
                name: core.model.name,
                embeddingSize: core.model.embeddingSize,
                layerCount: core.model.layerCount
            ),
            sae: sae.map { SAE(id: $0.description.id, layer: $0.description.layer, featureCount: $0.description.dSAE) }
        )
    }
}

extension LoaderStatus.Applied {
    init(_ plan: SteeringPlan, source: LoaderStatus.Source, at time: Timestamp) {
        self.init(
            id: plan.origin?.profile,
            digest: plan.origin?.digest,
            planDigest: plan.digest,
            features: plan.strengths.count,
            source: source,
            at: time
        )
    }
}

extension LoaderStatus.Reason {
    init(_ finding: Diagnostic) {
        self.init(code: finding.code.code, message: finding.message, location: finding.location)
    }

    /// An invalid file is told by its first finding, an incompatible one by a sentence for each mismatch.
    init(_ error: ProfileError) {
        let finding = error.diagnostics.first { $0.severity == .error }
        if error.code == .invalidFormat, let finding {
            self.init(finding)
        } else {
            self.init(code: error.code.rawValue, message: error.message, location: finding?.location)
        }
    }

    private init(code: String, message: String, location: SourceLocation?) {
        self.init(
            code: code,
            message: message,
            file: location?.file,
            line: location?.range?.start.line,
            column: location?.range?.start.column,
            since: .now()
        )
    }
}
