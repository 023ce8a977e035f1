import Foundation
import ProfileProperties
import Profiles
import Testing

/// Thousands of documents in all styles, edited and migrated at random. More of them with `MILLM_SEEDS=1000`.
@Suite struct ProfileEditorPropertyTests {
    private static let seeds = 0..<(ProcessInfo.processInfo.environment["MILLM_SEEDS"].flatMap { Int($0) } ?? 16)

    @Test(arguments: seeds)
    func `an edit gives what was wanted and keeps every other byte`(seed: Int) throws {
        var generator = DocumentGenerator(seed: UInt64(seed))
        for _ in 0..<100 {
            let profile = generator.values.profile()
            let bytes = generator.document(profile)
            let text = String(decoding: bytes, as: UTF8.self)
            let decoded = ProfileDecoder.decode(bytes, file: "p")
            try #require(decoded.profile?.isIdentical(to: profile) == true, "\(decoded.diagnostics) of\n\(text)")
            #expect(ReadingCheck.violations(of: bytes) == [], "\(text)")
            for _ in 0..<2 {
                var changes = generator.values.changes()
                if generator.values.chance(0.7) { changes.steering = generator.values.variation(of: profile.steering) }
                let (outcome, violations) = EditCheck.run(changes, on: bytes)
                #expect(violations == [], "\(changes) of\n\(text)\n\(after(changes, text))")
                #expect(outcome == .edited, "\(changes) of\n\(text)")
            }
        }
    }

    @Test(arguments: seeds)
    func `a migration keeps the profile and every byte that it need not touch`(seed: Int) throws {
        var generator = DocumentGenerator(seed: UInt64(1_000 + seed))
        for _ in 0..<60 {
            let bytes = generator.document(generator.values.profile())
            let (isInPlace, violations) = MigrationCheck.run(on: bytes)
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(violations == [], "\(text)")
            #expect(isInPlace, "\(text)")
        }
    }

    @Test(arguments: seeds)
    func `changing one strength changes one stretch of bytes`(seed: Int) throws {
        var generator = DocumentGenerator(seed: UInt64(2_000 + seed))
        for _ in 0..<25 {
            let old = generator.values.profile()
            guard let index = old.steering.keys.min() else { continue }
            let bytes = generator.document(old)
            guard let format = ProfileDecoder.decode(bytes, file: "p").format,
                ProfileMigration.version(of: format) != nil
            else { continue }
            var steering = old.steering
            steering[index] = old.steering[index] == 123.25 ? 0.5 : 123.25
            let edited = try ProfileEditor.apply(ProfileChanges(steering: steering), to: bytes, file: "p")
            let prefix = zip(bytes, edited).prefix { $0 == $1 }.count
            let suffix = zip(bytes.reversed(), edited.reversed()).prefix { $0 == $1 }.count
            let changed = edited[prefix..<max(prefix, edited.count - suffix)]
            #expect(
                changed.allSatisfy { "+-.0123456789e".utf8.contains($0) },
                "\(String(decoding: edited, as: UTF8.self))"
            )
        }
    }

    /// The edited text, for messages.
    private func after(_ changes: ProfileChanges, _ text: String) -> String {
        (try? ProfileEditor.apply(changes, to: Array(text.utf8), file: "p")).map { String(decoding: $0, as: UTF8.self) }
            ?? "nothing"
    }
}
