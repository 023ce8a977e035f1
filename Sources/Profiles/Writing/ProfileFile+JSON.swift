extension ProfileFile {
    /// The profile as programs see it: the object of the management API.
    ///
    /// Absent values are null, so that every key is always there for a script to read.
    package func json(isActive: Bool) -> JSONValue {
        let steering = (profile?.steering ?? [:]).sorted { $0.key < $1.key }
        return [
            "id": .string(id.description),
            "name": .string(displayName),
            "description": JSONValue(profile?.description),
            "model_id": JSONValue(profile?.model),
            "sae_id": JSONValue(profile?.sae),
            "layer": JSONValue(profile?.layer),
            "steering": .object(steering.map { JSONValue.Member(String($0.key), .number($0.value)) }),
            "feature_count": .integer(steering.count),
            "is_active": .bool(isActive),
            "created_at": .string(createdAt.description),
            "updated_at": .string(updatedAt.description),
            "etag": .string(digest.description),
            "valid": .bool(isValid),
            "diagnostics": .array(diagnostics.map(\.json)),
        ]
    }
}
