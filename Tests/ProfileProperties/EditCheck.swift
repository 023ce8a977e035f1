package import Profiles
import YAML

/// Checks that an edit changes what was wanted and nothing else, by other means than the editor's own.
package enum EditCheck {
    /// What an edit came to.
    package enum Outcome: Hashable, Sendable {
        case edited
        /// The changes break a rule, and were refused.
        case badValue
        /// The file is written in a way that cannot be edited in place.
        case notInPlace
    }

    /// Makes an edit.
    ///
    /// - Parameter bytes: A file that holds a valid profile.
    /// - Returns: What came out, and what is wrong with it.
    package static func run(_ changes: ProfileChanges, on bytes: [UInt8]) -> (outcome: Outcome, violations: [String]) {
        guard let old = ProfileDecoder.decode(bytes, file: "p").profile else { return (.edited, ["no profile"]) }
        let wanted = old.applying(changes)
        let isValid = (try? wanted.validate()) != nil
        do throws(ProfileError) {
            let edited = try ProfileEditor.apply(changes, to: bytes, file: "p")
            return (.edited, isValid ? violations(of: edited, from: bytes, old, wanted) : ["a bad value was written"])
        } catch {
            switch error.code {
            case .invalidValue, .featureOutOfRange: return (.badValue, isValid ? ["a good value was refused"] : [])
            default: return (.notInPlace, [])
            }
        }
    }

    private static func violations(
        of edited: [UInt8],
        from bytes: [UInt8],
        _ old: Profile,
        _ wanted: Profile
    ) -> [String] {
        var violations: [String] = []
        let decoded = ProfileDecoder.decode(edited, file: "p")
        if decoded.profile?.isIdentical(to: wanted) != true { violations.append("the meaning is another") }
        guard let format = ProfileDecoder.decode(bytes, file: "p").format,
            ProfileMigration.version(of: format) != nil
        else { return violations }
        if decoded.format != format { violations.append("the version is another") }
        if old.isIdentical(to: wanted), edited != bytes { violations.append("an edit of nothing changed bytes") }
        guard let before = SourceFacts(bytes), let after = SourceFacts(edited) else { return violations + ["no tree"] }
        let given = Given(old: old, wanted: wanted, source: before)
        let untouched = before.bytes(outside: given.changedRanges).withoutLastBreaks
        if !untouched.isSubsequence(of: edited) { violations.append("bytes were lost that nothing wanted to change") }
        let comments = before.comments.filter { comment in !given.removedLines.contains { $0.contains(comment.offset) }
        }
        if !comments.map(\.text).isSubsequence(of: after.comments.map(\.text))
            || !after.comments.map(\.text).isSubsequence(of: before.comments.map(\.text))
        {
            violations.append("comments were lost or moved")
        }
        if after.hasCrampedComment, !before.hasCrampedComment {
            violations.append("a comment has no blank before it")
        }
        violations += strayComments(before, after)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) != edited.starts(with: [0xEF, 0xBB, 0xBF]) {
            violations.append("the byte order mark is not as it was")
        }
        return violations + lineBreakViolations(before.bytes, edited)
    }

    /// A comment stays on the line of its entry, or on its own; that of an entry that has gone comes to stand behind
    /// no other.
    private static func strayComments(_ before: SourceFacts, _ after: SourceFacts) -> [String] {
        let (old, new) = (before.commentedEntries, after.commentedEntries)
        let paths = after.paths
        return old.compactMap { comment, entry in
            guard let place = new[comment], place != entry else { return nil }
            if let entry, !paths.contains(entry), place == nil { return nil }
            // Behind the colon of a '?' key, where now a value stands, or behind the header of a block.
            if entry == nil, let key = place?.last, let value = before.root.entry(key)?.value,
                value.range.bytes.isEmpty || value.endsWithBlock
            {
                return nil
            }
            // Behind '{}' on a line of its own, which makes way for features.
            if entry == ["steering"], place == nil { return nil }
            return "'\(comment)' has left \(entry ?? ["its line"]) for \(place ?? ["a line of its own"])"
        }
    }

    /// Line breaks that come are of the kind that was there.
    private static func lineBreakViolations(_ before: [UInt8], _ after: [UInt8]) -> [String] {
        func counts(_ bytes: [UInt8]) -> (pairs: Int, feeds: Int, returns: Int) {
            let pairs = zip(bytes, bytes.dropFirst()).count { $0 == 0x0D && $1 == 0x0A }
            return (pairs, bytes.count { $0 == 0x0A } - pairs, bytes.count { $0 == 0x0D } - pairs)
        }
        let (old, new) = (counts(before), counts(after))
        if old.pairs > 0, old.feeds == 0, old.returns == 0 {
            return new.feeds > 0 || new.returns > 0 ? ["a line break is of another kind"] : []
        }
        if old.returns > 0, old.pairs == 0, old.feeds == 0 {
            return new.feeds > 0 || new.pairs > 0 ? ["a line break is of another kind"] : []
        }
        // In a file that mixes them the first line's is taken.
        guard old.pairs == 0, old.returns == 0 else { return [] }
        return new.pairs > 0 || new.returns > 0 ? ["a line break is of another kind"] : []
    }
}

/// What an edit may touch.
private struct Given {
    /// Where values change and entries go, with what separates those from their neighbours.
    private(set) var changedRanges: [Range<Int>] = []
    /// The lines of entries that go; their comments may go with them.
    private(set) var removedLines: [Range<Int>] = []

    init(old: Profile, wanted: Profile, source: SourceFacts) {
        let fields: [(keys: Set<String>, old: String?, wanted: String?)] = [
            (["name"], old.name, wanted.name), (["description"], old.description, wanted.description),
            (["model", "model_id"], old.model, wanted.model), (["sae", "sae_id"], old.sae, wanted.sae),
            (["layer"], old.layer.map { String($0) }, wanted.layer.map { String($0) }),
        ]
        for (index, entry) in source.root.entries.enumerated() {
            guard let field = fields.first(where: { $0.keys.contains(entry.key.text) }),
                !same(field.old, field.wanted)
            else { continue }
            if field.wanted == nil {
                remove(index, of: source.root, in: source)
            } else {
                changedRanges.append(entry.value.range.bytes)
            }
        }
        guard case .mapping(let steering)? = source.root.entry("steering")?.value else { return }
        if wanted.steering.isEmpty || old.steering.keys.allSatisfy({ wanted.steering[$0] == nil }),
            old.steering != wanted.steering, steering.isFlow
        {
            let key = source.root.entry("steering")?.key.range.end.offset ?? 0
            let rest = source.bytes[steering.range.end.offset...]
            changedRanges.append(key..<steering.range.end.offset + rest.prefix { $0 == 0x20 || $0 == 0x09 }.count)
            removedLines.append(steering.range.bytes)
        }
        for (index, entry) in steering.entries.enumerated() {
            guard let feature = Int(entry.key.text), old.steering[feature] != wanted.steering[feature] else { continue }
            if wanted.steering[feature] == nil {
                remove(index, of: steering, in: source)
            } else {
                changedRanges.append(entry.value.range.bytes)
            }
        }
    }

    private func same(_ one: String?, _ other: String?) -> Bool {
        one.map { Array($0.utf8) } == other.map { Array($0.utf8) }
    }

    private mutating func remove(_ index: Int, of mapping: Node.Mapping, in source: SourceFacts) {
        let entry = mapping.entries[index]
        let range = entry.key.range.start.offset..<entry.value.range.end.offset
        if mapping.isFlow {
            let surroundings = source.surroundings(of: index, in: mapping)
            changedRanges.append(surroundings)
            removedLines.append(range.lowerBound..<max(surroundings.upperBound, source.lines(of: range).upperBound))
        } else {
            changedRanges.append(source.lines(of: range))
            removedLines.append(source.lines(of: range))
            // What stood behind the entry must not become text of a block before it.
            if mapping.entries[..<index].contains(where: { $0.value.endsWithBlock }) {
                changedRanges += source.blanks(ofNotesFrom: source.lines(of: range).upperBound)
            }
        }
    }
}
