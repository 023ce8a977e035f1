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

    /// The text with a first line that leads editors to the schema.
    ///
    /// - Parameters:
    ///   - bytes: A profile's file, with such a line or without.
    ///   - schema: The schema's place, seen from the file that is to be written.
    static func text(_ bytes: [UInt8], pointingAt schema: String) -> [UInt8] {
        let mark: [UInt8] = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? [0xEF, 0xBB, 0xBF] : []
        let rest = bytes[mark.count...]
        let line = mark + Array((Self.modeline + schema).utf8)
        // A line break stays as it is; without a modeline, one is put in front.
        let end = rest.firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? rest.endIndex
        if rest.starts(with: Self.modeline.utf8) { return line + rest[end...] }
        let lineBreak = rest[end...].starts(with: "\r\n".utf8) ? "\r\n" : "\n"
        return line + Array(lineBreak.utf8) + rest
    }
}
