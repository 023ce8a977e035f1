import Profiles

/// A starting point for a new profile.
struct Template: Hashable, Sendable {
    /// What `--template` calls it.
    let name: String
    /// The file that it was read from; nil if it is one of those inside the program.
    let path: String?
    let bytes: [UInt8]

    /// The template's file for findings.
    var displayPath: String { path ?? "template '\(name)'" }

    /// The beginning of the comment by which editors find the schema of a file.
    private static let modeline = "# yaml-language-server: $schema="

    /// The template with a first line that leads editors to the schema.
    ///
    /// - Parameter schema: The schema's place, seen from the file that is to be written.
    func bytes(pointingAt schema: String) -> [UInt8] {
        let line = Array((Self.modeline + schema).utf8)
        // A line break stays as it is; without a modeline, one is put in front.
        guard bytes.starts(with: Self.modeline.utf8) else { return line + [UInt8(ascii: "\n")] + bytes }
        let end = bytes.firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? bytes.endIndex
        return line + bytes[end...]
    }
}
