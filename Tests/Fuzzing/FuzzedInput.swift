import ProfileProperties
import Profiles

/// What libFuzzer made up: a file. What follows the last byte 0xFF, which no text has, chooses the edits; without
/// one, the file itself does.
struct FuzzedInput {
    private let file: [UInt8]
    private let seed: UInt64

    init(_ bytes: [UInt8]) {
        let mark = bytes.lastIndex(of: 0xFF)
        file = Array(bytes[..<(mark ?? bytes.count)])
        // FNV-1a.
        seed = bytes[(mark ?? 0)...].reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// Ends the program if something does not hold.
    func check() {
        require(ReadingCheck.violations(of: file), "reading")
        guard let profile = ProfileDecoder.decode(file, file: "p").profile else { return }
        require(MigrationCheck.run(on: file).violations, "migrating")
        var generator = ProfileGenerator(seed: seed)
        for _ in 0..<4 {
            var changes = generator.changes()
            if generator.chance(0.7) { changes.steering = generator.variation(of: profile.steering) }
            require(EditCheck.run(changes, on: file).violations, "\(changes)")
        }
    }

    private func require(_ violations: [String], _ what: String) {
        guard violations.isEmpty else {
            fatalError("\(what): \(violations) in\n\(String(decoding: file, as: UTF8.self))")
        }
    }
}
