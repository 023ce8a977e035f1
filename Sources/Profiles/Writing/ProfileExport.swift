/// A form in which a profile leaves for other programs; all of them can be imported again.
package enum ProfileExport: String, CaseIterable, Sendable {
    /// miLLM's export with the profile inside an envelope.
    case envelope
    /// miLLM's export with everything at the top.
    case flat
    /// A profile file of version 1.
    case yaml

    /// What a file of this form ends with, without the dot.
    package var fileExtension: String { self == .yaml ? "yaml" : "json" }

    /// The profile in this form.
    ///
    /// - Throws: ``ProfileError`` `.invalidFormat` if the file holds no valid profile.
    package func bytes(of file: ProfileFile, exportedAt time: Timestamp) throws(ProfileError) -> [UInt8] {
        guard let profile = file.profile else {
            throw ProfileError(
                .invalidFormat,
                "'\(file.id)' cannot be exported: its file has errors.",
                diagnostics: file.diagnostics
            )
        }
        return switch self {
        case .envelope: ProfileEncoder.millmEnvelope(profile, exportedAt: time)
        case .flat: ProfileEncoder.millmFlat(profile, createdAt: file.createdAt, updatedAt: file.updatedAt)
        case .yaml: ProfileEncoder.yaml(profile)
        }
    }
}
