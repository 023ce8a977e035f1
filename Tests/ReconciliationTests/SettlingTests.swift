import ProfileDirectory
import Profiles
import Testing

@testable import Reconciliation

struct SettlingTests {
    @Test(arguments: [(SettlingDoubt.unsound, 1), (.emptied, 2)])
    func `what has rested is asked about once, an empty file twice, however long that takes`(
        doubt: SettlingDoubt,
        expected: Int
    ) async throws {
        try await Workbench.with { bench in
            let service = ProfileService(repository: DirectoryRepository(path: bench.profiles))
            var asked = 0
            func hasChanged(since start: ContinuousClock.Instant) async -> Bool {
                asked += 1
                let begin = ContinuousClock.now
                // As on a machine with a hundred other things to do.
                while ContinuousClock.now - begin < ProfileLoader.settlingTime * 2 { await Task.yield() }
                return false
            }
            let found = try await service.settled(doubt: { _ in doubt }, hasChanged: hasChanged) { 7 }
            #expect(found == 7)
            #expect(asked == expected)
        }
    }

    @Test(
        arguments: [
            ("version: 1\nname: A\nsteering: {}\n", nil), ("", .emptied), ("version: 1\n", .unsound),
            ("version: 1\nname: [A]\nsteering: {}\n", .unsound), ("\u{0}", .unsound),
        ] as [(String, SettlingDoubt?)]
    )
    func `only an empty file may be one that is being emptied`(text: String, doubt: SettlingDoubt?) async throws {
        try await Workbench.with { bench in
            try bench.write(text, to: "a.yaml")
            let file = try await DirectoryRepository(path: bench.profiles).profile(ProfileID("a"))
            #expect(file.doubt == doubt)
        }
    }
}
