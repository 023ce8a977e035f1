import Foundation
import Profiles

/// One version of a profile's file: it carries the digest of its own body, and most of it is a comment, so that
/// nearly every part of it is a valid profile, too, and only the digests tell that it was torn.
struct Version {
    let text: String
    var bytes: [UInt8] { Array(text.utf8) }
    let digest: ContentDigest

    /// - Parameters:
    ///   - number: Tells this version from others; its last four digits are the strength.
    ///   - lines: The length of the comment, 64 bytes a line.
    init(_ number: Int, name: String = "Target", lines: Int = 200) {
        var body = "steering:\n  3: \(number % 10_000)\n"
        for line in 0..<lines {
            let text = "# \(number) line \(line) "
            body += text + String(repeating: "x", count: max(0, 63 - text.utf8.count)) + "\n"
        }
        let checksum = ContentDigest(of: body.utf8)
        text = "version: 1\nname: \(name)\ndescription: \(checksum)\n" + body
        digest = ContentDigest(of: text.utf8)
    }

    /// Whether a file's bytes are a version as it was written, whole.
    static func isWhole(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let start = text.range(of: "steering:\n"), let mark = text.range(of: "description: ") else {
            return false
        }
        let checksum = text[mark.upperBound...].prefix { $0 != "\n" }
        return checksum == ContentDigest(of: text[start.lowerBound...].utf8).description
    }
}
