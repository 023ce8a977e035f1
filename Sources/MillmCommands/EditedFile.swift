import Profiles

/// A profile's file after an edit, and what it was before.
struct EditedFile {
    let file: ProfileFile
    let before: ProfileFile

    /// The shape of miLLM's export that the file had, which cannot be edited as one: it is of version 1 now. Nil if the
    /// file kept its format.
    private var migratedFrom: String? {
        guard file.decoded.format != before.decoded.format else { return nil }
        return switch before.decoded.format {
        case .millmEnvelope: "envelope"
        case .millmFlat: "flat"
        case .version0, .version1, nil: nil
        }
    }

    /// That the file has another format now; nil if it has not.
    var remark: String? {
        guard migratedFrom != nil else { return nil }
        let path = file.path.escapedForDisplay
        return "Its file was miLLM's export and is a profile of version 1 now, as 'millm migrate' makes them: \(path)"
    }

    /// What programs are told of the format.
    var member: JSONValue.Member { JSONValue.Member("migrated_from", JSONValue(migratedFrom)) }
}
