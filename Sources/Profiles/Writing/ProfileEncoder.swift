import YAML

/// Writes profiles as files.
///
/// Whatever it writes for a valid profile, ``ProfileDecoder`` reads as the same profile again.
package enum ProfileEncoder {
    /// The profile as a file of version 1, features in ascending order.
    ///
    /// - Parameter schema: The JSON Schema's place relative to the file, for the comment by which editors find it.
    package static func yaml(_ profile: Profile, schema: String? = nil) -> [UInt8] {
        var lines: [String] = []
        if let schema { lines.append(modeline(schema: schema)) }
        lines.append("version: 1")
        lines.append("name: \(ScalarText.write(profile.name))")
        if let description = profile.description { lines.append("description: \(descriptionText(description))") }
        if let model = profile.model { lines.append("model: \(ScalarText.write(model))") }
        if let sae = profile.sae { lines.append("sae: \(ScalarText.write(sae))") }
        if let layer = profile.layer { lines.append("layer: \(layer)") }
        if profile.steering.isEmpty {
            lines.append("steering: {}")
        } else {
            lines.append("steering:")
            lines += features(of: profile).map { "  \($0.index): \($0.strength)" }
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    /// The comment by which editors with yaml-language-server find the JSON Schema; it stands on the first line.
    ///
    /// - Parameter schema: The schema's place, relative to the file, or its address.
    package static func modeline(schema: String) -> String {
        "# yaml-language-server: $schema=\(schema)"
    }

    /// The profile as miLLM exports it, with the profile inside an envelope.
    ///
    /// - Parameter exporter: What to name as the program that exported it.
    package static func millmEnvelope(
        _ profile: Profile,
        exportedAt: Timestamp,
        exportedFrom exporter: String = "millm-profiles"
    ) -> [UInt8] {
        file([
            "version": "1.0",
            "type": "millm_profile",
            "profile": [
                "name": .string(profile.name),
                "description": JSONValue(profile.description),
                "model": JSONValue(profile.model),
                "sae": JSONValue(profile.sae),
                "layer": JSONValue(profile.layer),
                "steering": steering(of: profile),
            ],
            "exported_at": .string(exportedAt.description),
            "exported_from": .string(exporter),
        ])
    }

    /// The profile as miLLM exports it, with everything at the top.
    package static func millmFlat(_ profile: Profile, createdAt: Timestamp, updatedAt: Timestamp) -> [UInt8] {
        file([
            "version": "1.0",
            "name": .string(profile.name),
            "description": JSONValue(profile.description),
            "model_id": JSONValue(profile.model),
            "sae_id": JSONValue(profile.sae),
            "layer": JSONValue(profile.layer),
            "steering": steering(of: profile),
            "created_at": .string(createdAt.description),
            "updated_at": .string(updatedAt.description),
        ])
    }

    /// The features in ascending order.
    private static func features(of profile: Profile) -> [(index: Int, strength: Double)] {
        profile.steering.sorted { $0.key < $1.key }.map { (index: $0.key, strength: $0.value) }
    }

    private static func steering(of profile: Profile) -> JSONValue {
        .object(features(of: profile).map { JSONValue.Member(String($0.index), .number($0.strength)) })
    }

    private static func descriptionText(_ description: String) -> String {
        guard description.unicodeScalars.contains("\n") else { return ScalarText.write(description) }
        return ScalarText.literalBlock(description, indentation: 2, lineBreak: "\n") ?? ScalarText.write(description)
    }

    private static func file(_ value: JSONValue) -> [UInt8] {
        Array((value.text() + "\n").utf8)
    }
}
