import Profiles
import Testing

@Suite struct ProfileEditorPropertyTests {
    /// A profile as somebody may have typed it: any order, comments, quotes, flow or block style.
    private func document(_ profile: Profile, _ generator: inout ProfileGenerator) -> String {
        let canonical = String(decoding: ProfileEncoder.yaml(profile), as: UTF8.self)
        // A text with line breaks of other kinds stays as the encoder wrote it.
        guard !canonical.contains("description: |") else { return canonical }
        let lines = canonical.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var fields = lines.prefix { !$0.hasPrefix("steering") }.map(\.self)
        var steering = lines.drop { !$0.hasPrefix("steering") }.dropLast().joined(separator: "\n")
        if generator.chance(0.3), !profile.steering.isEmpty {
            let entries = profile.steering.map { "\($0.key): \($0.value)" }
            steering = "steering: {" + entries.joined(separator: generator.pick([", ", ",", ",\n  "])) + "}"
        }
        fields.insert(steering, at: generator.chance(0.5) ? fields.count : 1)
        var text = ""
        for field in fields {
            if generator.chance(0.2) { text += generator.pick(["\n", "# note: {\n", "\n  # 'more'\n"]) }
            text += field + generator.pick(["\n", "\n", " # note\n"])
        }
        if generator.chance(0.2) { text = "\u{FEFF}" + text }
        if generator.chance(0.2) { text = text.replacing("\n", with: "\r\n") }
        if generator.chance(0.2) { text = text.replacing(#/\r?\n$/#, with: "") }
        return text
    }

    /// The comments that stand on lines of their own.
    private func commentLines(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
            .filter { $0.drop { $0 == " " }.hasPrefix("#") }
    }

    @Test(arguments: 0..<20)
    func `an edit gives what was wanted and keeps every comment line`(seed: Int) throws {
        var generator = ProfileGenerator(seed: UInt64(seed))
        for _ in 0..<100 {
            let old = generator.profile()
            let bytes = Array(document(old, &generator).utf8)
            try #require(
                ProfileDecoder.decode(bytes, file: "p").profile == old,
                "\(String(decoding: bytes, as: UTF8.self))"
            )
            var changes = generator.changes()
            if generator.chance(0.7) { changes.steering = generator.variation(of: old.steering) }
            let edited = try #require(
                try? ProfileEditor.apply(changes, to: bytes, file: "p"),
                "\(changes) of\n\(String(decoding: bytes, as: UTF8.self))"
            )
            #expect(ProfileDecoder.decode(edited, file: "p").profile == old.applying(changes))
            #expect(commentLines(edited) == commentLines(bytes))
            #expect(edited.starts(with: [0xEF, 0xBB, 0xBF]) == bytes.starts(with: [0xEF, 0xBB, 0xBF]))
            // Where a last line without line break goes, an empty line before it may become the last.
            let hasEmptyLines = String(decoding: bytes, as: UTF8.self).contains(#/\n\r?\n/#)
            if !hasEmptyLines { #expect((edited.last == 0x0A) == (bytes.last == 0x0A)) }
        }
    }

    @Test(arguments: 0..<20)
    func `changing one strength changes one stretch of bytes`(seed: Int) throws {
        var generator = ProfileGenerator(seed: UInt64(seed))
        for _ in 0..<50 {
            let old = generator.profile()
            guard let index = old.steering.keys.min() else { continue }
            let bytes = Array(document(old, &generator).utf8)
            var steering = old.steering
            steering[index] = old.steering[index] == 123.25 ? 0.5 : 123.25
            let edited = try ProfileEditor.apply(ProfileChanges(steering: steering), to: bytes, file: "p")
            let prefix = zip(bytes, edited).prefix { $0 == $1 }.count
            let suffix = zip(bytes.reversed(), edited.reversed()).prefix { $0 == $1 }.count
            let changed = edited[prefix..<max(prefix, edited.count - suffix)]
            #expect(
                changed.allSatisfy { "-.0123456789e".utf8.contains($0) },
                "\(String(decoding: edited, as: UTF8.self))"
            )
        }
    }
}
