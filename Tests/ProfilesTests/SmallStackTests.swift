import Foundation
import ProfileProperties
import Profiles
import Testing
import YAML

/// Threads of the C library's smallest common stack, 512 KiB, must do for the worst that is allowed and for worse.
@Suite struct SmallStackTests {
    /// Runs the body on a thread with 512 KiB of stack; what overflows it ends the tests.
    private func onSmallStack<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: body()) }
            thread.stackSize = 512 * 1024
            thread.start()
        }
    }

    private static func nested(_ open: String, _ close: String, _ depth: Int) -> String {
        String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
    }

    private static let head = "name: x\nsteering: {}\nid: "

    /// Texts with what is to be found in them.
    static let texts: [(name: String, text: String, code: String?)] = [
        ("lists in brackets, as deep as allowed", head + nested("[", "]", 63), nil),
        ("mappings in braces, as deep as allowed", head + nested("{a: ", "}", 63), nil),
        ("lists on one line, as deep as allowed", head + "\n  " + nested("- ", "", 63), nil),
        (
            "steps, as deep as allowed",
            head + (1..<64).map { "\n" + String(repeating: " ", count: $0) + "a:" }.joined(), nil
        ),
        ("brackets, one level deeper", head + nested("[", "]", 64), "P004"),
        ("brackets, a megabyte", String(repeating: "[", count: Limits.bytes), "P004"),
        ("braces, a megabyte", String(repeating: "{a: ", count: Limits.bytes / 4), "P004"),
        ("lists, a megabyte", String(repeating: "- ", count: Limits.bytes / 2), "P004"),
        ("keys, a megabyte", String(repeating: "? ", count: Limits.bytes / 2), "P015"),
        (
            "20 000 nodes with what an edit adds", head + "[" + String(repeating: "1,", count: Limits.nodes - 9) + "]",
            nil
        ),
        ("20 001 nodes", head + "[" + String(repeating: "1,", count: Limits.nodes - 6) + "]", "P005"),
        (
            "findings, a megabyte",
            "steering:\n" + (0..<9_000).map { "  x\($0): " + String(repeating: "y", count: 100) + "\n" }.joined(),
            "P023"
        ),
    ]

    @Test(arguments: texts.map(\.name))
    func `512 KiB of stack are enough`(name: String) async throws {
        let (_, text, code) = try #require(Self.texts.first { $0.name == name })
        let bytes = Array(text.utf8)
        let findings = await onSmallStack {
            let decoded = ProfileDecoder.decode(bytes, file: "p.yaml")
            _ = CompilerStyle { _ in bytes }.text(decoded.diagnostics)
            // Comparing and hashing walk through the whole tree.
            let parsed = ParsedYAML(bytes)
            #expect(parsed == ParsedYAML(bytes))
            _ = parsed.hashValue
            return decoded.diagnostics.map(\.code.code)
        }
        #expect(findings.first == code)
    }

    @Test(arguments: texts.filter { $0.code == nil }.map(\.name))
    func `512 KiB of stack are enough for an edit and a migration`(name: String) async throws {
        let (_, text, _) = try #require(Self.texts.first { $0.name == name })
        let bytes = Array(text.utf8)
        let (edited, migrated) = await onSmallStack {
            (
                try? ProfileEditor.apply(ProfileChanges(name: "y", steering: [5: 1]), to: bytes, file: "p"),
                try? ProfileMigration.migrate(bytes, file: "p")
            )
        }
        #expect(edited.flatMap { ProfileDecoder.decode($0, file: "p").profile?.steering } == [5: 1])
        #expect(migrated.flatMap { ProfileDecoder.decode($0, file: "p").format } == .version1)
    }

    @Test func `512 KiB of stack are enough for 1024 features`() async throws {
        let steering = Dictionary(uniqueKeysWithValues: (0..<1_024).map { ($0, Double($0)) })
        let bytes = ProfileEncoder.yaml(Profile(name: "x", steering: steering))
        let wanted = steering.mapValues { $0 + 1 }
        let edited = await onSmallStack {
            try? ProfileEditor.apply(ProfileChanges(steering: wanted), to: bytes, file: "p")
        }
        #expect(edited.flatMap { ProfileDecoder.decode($0, file: "p").profile?.steering } == wanted)
    }
}
