import Foundation
import Logging
import MillmTesting
import ProfileDirectory
import Profiles
import Reconciliation
import Testing

/// `millm validate` and the daemon's loader, each asked as it is asked in real life.
@Suite struct SameVerdictTests {
    private static let corpus = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "ProfilesTests/Fixtures")

    static let files: [String] = ["bad", "good"].flatMap { folder in
        let names = try? FileManager.default.contentsOfDirectory(atPath: corpus.appending(path: folder).path)
        return (names ?? []).sorted().map { "\(folder)/\($0)" }
    }

    private struct Finding: Decodable {
        var code: String
        var severity: String
        var message: String
        var file: String
        var line: Int?
        var column: Int?
    }

    private func loader(of bench: Bench) throws -> ProfileLoader {
        try bench.state.create()
        return ProfileLoader(
            directory: ActiveProfileReader(path: bench.profiles),
            core: EchoCore(),
            sae: nil,
            statusFile: StatusFile(in: try bench.state),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    @Test func `the corpus is there`() {
        #expect(Self.files.count > 120)
    }

    @Test(arguments: files)
    func `validate and the loader give the same verdict in the same place`(file: String) async throws {
        try await withBench { bench in
            let name = String(file.drop { $0 != "/" }.dropFirst())
            let path = "\(bench.profiles)/\(name)"
            try FileManager.default.copyItem(atPath: Self.corpus.appending(path: file).path, toPath: path)
            try bench.link(to: name)

            let answer = await bench.millm("validate", path, "--format", "json")
            let findings = try answer.decoded(as: [Finding].self)
            let first = findings.first { $0.severity == "error" }
            let reason = try await loader(of: bench).reconcile().reason

            guard let first else {
                // A good file may still be made for another model than the one that runs here.
                #expect(answer.exitCode == 0)
                #expect(reason == nil || reason?.code == ProfileError.Code.incompatible.rawValue)
                return
            }
            #expect(answer.exitCode == 1)
            let verdict = try #require(reason)
            #expect(verdict.code == first.code)
            #expect(verdict.message == first.message)
            #expect(verdict.file == first.file)
            #expect(verdict.line == first.line)
            #expect(verdict.column == first.column)
        }
    }
}
