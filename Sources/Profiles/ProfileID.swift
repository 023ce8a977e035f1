/// The id of a profile: its file's name without the extension, as URLs, the command line and `active` use it.
package struct ProfileID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The extensions of profile files, in the order in which they are looked for.
    package static let fileExtensions = ["yaml", "yml", "json"]

    /// Words that mean something else than a profile.
    package static let reserved: Set<String> = ["active", "none"]

    /// The id's greatest length in bytes of UTF-8.
    package static let maximumLength = 200

    package let description: String

    /// Checks and takes an id.
    ///
    /// - Throws: ``ProfileError`` `.invalidID` with the rule that the text breaks.
    package init(_ text: String) throws(ProfileError) {
        if let rule = Self.brokenRule(text) {
            throw ProfileError(.invalidID, "'\(text.shortened)' cannot be a profile's id: \(rule).")
        }
        description = text
    }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.description < rhs.description }

    /// Why the text cannot be an id, as the end of a sentence; nil if it can.
    private static func brokenRule(_ text: String) -> String? {
        if text.isEmpty { return "it is empty" }
        if text.utf8.count > maximumLength { return "it is longer than \(maximumLength) bytes" }
        if text.utf8.first == UInt8(ascii: ".") { return "it starts with a dot" }
        if text.utf8.contains(UInt8(ascii: "/")) { return "it contains a slash" }
        // Most ids are plain, and a directory may hold many.
        if !text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }),
            text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        {
            return "it contains a control character"
        }
        if reserved.contains(text) { return "the word is reserved" }
        return nil
    }
}

extension ProfileID: Codable {
    package init(from decoder: any Decoder) throws {
        self = try ProfileID(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
