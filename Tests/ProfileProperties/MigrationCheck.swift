import Profiles
import YAML

/// Checks that migrations keep the profile, the comments and every byte that they need not touch.
package enum MigrationCheck {
    /// Moves a file to each version and back.
    ///
    /// - Parameter bytes: A file that holds a valid profile.
    /// - Returns: Whether it could be moved in place, and what is wrong with what came out.
    package static func run(on bytes: [UInt8]) -> (isInPlace: Bool, violations: [String]) {
        let decoded = ProfileDecoder.decode(bytes, file: "p")
        guard let profile = decoded.profile, let format = decoded.format else { return (true, ["no profile"]) }
        do throws(ProfileError) {
            var violations: [String] = []
            for version in ProfileMigration.versions {
                let there = try ProfileMigration.migrate(bytes, to: version, file: "p")
                if (there == nil) != (ProfileMigration.version(of: format) == version) {
                    violations.append("version \(version): 'there already' is not true")
                }
                guard let there else { continue }
                violations += Self.violations(from: bytes, to: there, version, profile)
                let other = 1 - version
                guard let back = try ProfileMigration.migrate(there, to: other, file: "p") else { continue }
                violations += Self.violations(from: there, to: back, other, profile)
                if back != bytes, returnsExactly(bytes, format) { violations.append("the way back leads elsewhere") }
                // Where the version stands, and what only version 0 has, may have changed the first time.
                guard !hasRowKeys(there) else { continue }
                let again = try ProfileMigration.migrate(back, to: version, file: "p") ?? back
                if try ProfileMigration.migrate(again, to: other, file: "p") != back {
                    violations.append("version \(version): another way there and back changes bytes")
                }
            }
            return (true, violations)
        } catch {
            return (false, [])
        }
    }

    /// Whether nothing that the way there takes is lost for the way back: in lines, all but the version written in two.
    private static func returnsExactly(_ bytes: [UInt8], _ format: DecodedProfile.Format) -> Bool {
        guard ProfileMigration.version(of: format) != nil, !hasRowKeys(bytes), let source = SourceFacts(bytes),
            !source.root.isFlow
        else { return false }
        guard let version = source.root.entry("version") else { return true }
        let line = source.lines(of: version.key.range.bytes)
        let isOnOneLine = line.contains(version.value.range.start.offset)
        return isOnOneLine && bytes[line].first { $0 != 0x20 } != UInt8(ascii: "?")
    }

    private static func hasRowKeys(_ bytes: [UInt8]) -> Bool {
        SourceFacts(bytes)?.root.entries.contains {
            ["id", "is_active", "created_at", "updated_at"].contains($0.key.text)
        } ?? false
    }

    private static func violations(
        from before: [UInt8],
        to after: [UInt8],
        _ version: Int,
        _ profile: Profile
    ) -> [String] {
        let decoded = ProfileDecoder.decode(after, file: "p")
        var violations: [String] = []
        if decoded.profile?.isIdentical(to: profile) != true { violations.append("the meaning is another") }
        if decoded.format.flatMap(ProfileMigration.version) != version { violations.append("the version is another") }
        guard let old = SourceFacts(before), let new = SourceFacts(after) else { return violations + ["no tree"] }
        if old.notes != new.notes { violations.append("comments were lost or moved") }
        // What was taken out comes back as it was.
        let isRestored = old.comments.contains { versionInComment($0.text) != nil && $0.text.dropFirst().contains("#") }
        if new.hasCrampedComment, !old.hasCrampedComment, !isRestored {
            violations.append("a comment has no blank before it")
        }
        if before.starts(with: [0xEF, 0xBB, 0xBF]) != after.starts(with: [0xEF, 0xBB, 0xBF]) {
            violations.append("the byte order mark is not as it was")
        }
        let isEnvelope = old.root.entry("profile") != nil
        let untouched = old.bytes(outside: touched(old))
        // Taking a profile out of its envelope moves its lines to the left.
        let isKept =
            isEnvelope
            ? untouched.ink.isSubsequence(of: after) : untouched.withoutLastBreaks.isSubsequence(of: after)
        if !isKept { violations.append("bytes were lost that nothing wanted to change") }
        return violations.map { "version \(version): \($0)" }
    }

    /// The keys that get another name, and the entries that only one version has.
    private static func touched(_ source: SourceFacts) -> [Range<Int>] {
        var ranges = source.comments.filter { versionInComment($0.text) != nil }
            .map { $0.offset..<$0.offset + mark.utf8.count }
        for (index, entry) in source.root.entries.enumerated() {
            switch entry.key.text {
            case "model", "model_id", "sae", "sae_id": ranges.append(entry.key.range.bytes)
            case "version", "id", "is_active", "created_at", "updated_at", "type", "exported_at", "exported_from":
                let range = entry.key.range.start.offset..<entry.value.range.end.offset
                ranges.append(
                    source.root.isFlow ? source.surroundings(of: index, in: source.root) : source.lines(of: range)
                )
                // What stood behind the entry must not become text of a block before it.
                if source.root.entries[..<index].contains(where: { $0.value.endsWithBlock }) {
                    ranges += source.blanks(ofNotesFrom: source.lines(of: range).upperBound)
                }
            case "profile":
                // With the question mark that may stand before it.
                let around =
                    source.root.isFlow
                    ? source.surroundings(of: index, in: source.root) : source.lines(of: entry.key.range.bytes)
                ranges.append(around.lowerBound..<entry.value.range.start.offset)
                ranges.append(source.root.range.start.offset..<source.root.range.start.offset + 1)
                ranges.append(entry.value.range.end.offset..<source.root.range.end.offset)
                guard case .mapping(let inner) = entry.value else { continue }
                for entry in inner.entries where ["model", "sae"].contains(entry.key.text) {
                    ranges.append(entry.key.range.bytes)
                }
            default: break
            }
        }
        return ranges
    }
}

/// What stands before a version that was made a comment.
private let mark = "# taken out by millm migrate: "

/// What is left of a comment that is a version made a comment: its own comment, or nothing; nil for any other.
private func versionInComment(_ comment: String) -> String? {
    guard comment.hasPrefix(mark) else { return nil }
    return comment.dropFirst().firstIndex(of: "#").map { String(comment[$0...]) } ?? ""
}

extension SourceFacts {
    /// The comments, that of a version no matter whether the version is a comment itself.
    fileprivate var notes: [String] {
        comments.map { versionInComment($0.text) ?? $0.text }.filter { !$0.isEmpty }
    }
}
