package import Profiles
import YAML

/// Whether a profile fits what is loaded (SPEC §5).
///
/// The loader, the API and `millm validate` all ask here, and get the same verdict.
package enum Compatibility {
    /// What a profile says that is not so of the loaded model and the attached SAE.
    ///
    /// - Parameters:
    ///   - decoded: The profile and the places of its values; an invalid one has no mismatches.
    ///   - file: The file's name for the findings' places.
    ///   - model: The loaded model; nil checks the profile against the SAE alone.
    ///   - sae: The attached SAE; nil if there is none.
    /// - Returns: One finding of severity error per mismatch, in the order of the file's keys.
    package static func mismatches(
        of decoded: DecodedProfile,
        file: String,
        model: ModelDescription?,
        sae: SAEDescription?
    ) -> [Diagnostic] {
        guard let profile = decoded.profile else { return [] }
        func place(_ range: SourceRange?) -> SourceLocation { SourceLocation(file: file, range: range) }
        var findings: [Diagnostic] = []
        if let model, let wanted = profile.model, !model.isCalled(wanted) {
            let message = "the profile is for the model '\(wanted.escapedForDisplay)'; '\(model.name)' is loaded"
            findings.append(Diagnostic(.modelMismatch, message, at: place(decoded.ranges.model)))
        }
        guard let sae else {
            guard !profile.steering.isEmpty else { return findings }
            let count = profile.steering.count
            let message = "the profile steers \(count) feature\(count == 1 ? "" : "s"), and no SAE is attached"
            let first = profile.steering.keys.min().flatMap { decoded.ranges.features[$0] }
            return findings + [Diagnostic(.saeNotAttached, message, at: place(decoded.ranges.sae ?? first))]
        }
        if let wanted = profile.sae, !sae.isCalled(wanted) {
            let message = "the profile is for the SAE '\(wanted.escapedForDisplay)'; '\(sae.id)' is attached"
            findings.append(Diagnostic(.saeMismatch, message, at: place(decoded.ranges.sae)))
        }
        if let wanted = profile.layer, wanted != sae.layer {
            let message = "the profile is for layer \(wanted); the SAE '\(sae.id)' is for layer \(sae.layer)"
            findings.append(Diagnostic(.layerMismatch, message, at: place(decoded.ranges.layer)))
        }
        for feature in profile.steering.keys.sorted() where feature >= sae.dSAE {
            let message = "feature \(feature) does not exist; the SAE '\(sae.id)' has features 0 to \(sae.dSAE - 1)"
            findings.append(Diagnostic(.featureOutOfRange, message, at: place(decoded.ranges.features[feature])))
        }
        if !profile.steering.isEmpty, let model {
            findings += fit(of: sae, to: model).map { Diagnostic($0.code, $0.message, at: place(decoded.ranges.sae)) }
        }
        return findings
    }

    /// What a profile's file says that is not so of the loaded model and the attached SAE.
    ///
    /// - Parameter file: The places name it by ``ProfileFile/path``.
    package static func mismatches(
        of file: ProfileFile,
        model: ModelDescription?,
        sae: SAEDescription?
    ) -> [Diagnostic] {
        mismatches(of: file.decoded, file: file.path, model: model, sae: sae)
    }

    /// Whether `force` overrides a finding of this kind: names may be wrong, an index or a size never.
    package static func isOverridable(_ code: DiagnosticCode) -> Bool {
        code == .modelMismatch || code == .saeMismatch
    }

    /// Whether the SAE can steer the model at all.
    private static func fit(
        of sae: SAEDescription,
        to model: ModelDescription
    ) -> [(code: DiagnosticCode, message: String)] {
        var findings: [(code: DiagnosticCode, message: String)] = []
        if sae.dIn != model.embeddingSize {
            let message =
                "the SAE '\(sae.id)' is for a residual stream of width \(sae.dIn); that of '\(model.name)' has width"
                + " \(model.embeddingSize)"
            findings.append((.widthMismatch, message))
        }
        if sae.layer >= model.layerCount {
            let message =
                "the SAE '\(sae.id)' is for layer \(sae.layer); '\(model.name)' has layers 0 to \(model.layerCount - 1)"
            findings.append((.layerMismatch, message))
        }
        return findings
    }
}
