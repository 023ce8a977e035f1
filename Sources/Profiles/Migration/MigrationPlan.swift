import YAML

/// Finds the edits that turn a profile's mapping into one of another version.
struct MigrationPlan {
    /// `.version0` or `.version1`.
    let target: DecodedProfile.Format
    /// Whether a version that goes is made a comment, and such a comment a version again, so that it comes back to
    /// where it was.
    let usesComment: Bool

    /// The text with the edits made.
    ///
    /// - Parameters:
    ///   - bytes: A text whose root holds the profile's fields.
    ///   - schema: What the keys mean there.
    /// - Returns: nil if the text has no mapping or cannot be edited.
    func apply(to bytes: [UInt8], schema: ProfileSchema) -> [UInt8]? {
        guard case .mapping(let root)? = ParsedYAML(bytes).root else { return nil }
        let editor = MappingEditor(root, text: EditableText(bytes))
        let targetSchema = ProfileSchema.of(target)
        var splices: [Splice] = []
        var removed: [Int] = []
        for (index, entry) in root.entries.enumerated() {
            guard let field = schema.field(entry.key.text) else { continue }
            if field.value == .version, target == .version1 {
                splices += editor.replace(index, with: .number("1"))
            } else if field.value == .version || field.value == .ignored {
                guard targetSchema.field(field.key) == nil else { continue }
                if field.value == .version, usesComment {
                    guard let splice = editor.commentOut(index) else { return nil }
                    splices.append(splice)
                } else {
                    removed.append(index)
                }
            } else if let key = targetSchema.key(of: field.value), key != field.key {
                splices.append(editor.rename(index, to: key))
            }
        }
        splices += editor.removeKeepingComments(removed)
        if target == .version1, !root.entries.contains(where: { schema.field($0.key.text)?.value == .version }) {
            let uncommenting = usesComment ? editor.uncomment("version") : nil
            splices.append(uncommenting ?? editor.prepend("version", .number("1")))
        }
        return Splice.apply(splices, to: bytes)
    }
}

extension ProfileSchema {
    /// The key that means this; nil if the format has none.
    func key(of value: Field.Value) -> String? {
        fields.first { $0.value == value }?.key
    }
}
