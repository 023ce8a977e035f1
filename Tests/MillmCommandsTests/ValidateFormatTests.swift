import Foundation
import Testing

/// What `validate` writes about one file with four mistakes and an awkward name, byte for byte.
@Suite struct ValidateFormatTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    private func fixture(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: Self.fixtures.appending(path: name)), as: UTF8.self)
    }

    /// The path of the directory as a format writes it.
    private func path(_ path: String, in format: String) -> String {
        guard format == "sarif" else { return path }
        let allowed = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"
        )
        return "file://" + (path.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")
    }

    @Test(arguments: [
        ("human", "mistakes.human.txt"), ("json", "mistakes.json"), ("github", "mistakes.github.txt"),
        ("sarif", "mistakes.sarif.txt"),
    ])
    func `each format is what it was`(format: String, golden: String) async throws {
        try await withBench { bench in
            try bench.write("a,b: 100%.yaml", fixture("mistakes.yaml"))
            let answer = await bench.millm("validate", "--format", format)
            #expect(answer.exitCode == 1)
            #expect(answer.errors.isEmpty)
            var text = answer.output.replacing(path(bench.profiles, in: format), with: "profiles")
            // The rules before it are those of the table of codes, which has tests of its own.
            if format == "sarif" {
                text = String(text[try #require(text.firstRange(of: "\"columnKind\"")).lowerBound...])
            }
            #expect(try text == fixture(golden))
        }
    }

    @Test(arguments: ["human", "json", "github", "sarif"])
    func `the same text on standard input has the same findings`(format: String) async throws {
        try await withBench { bench in
            let text = try fixture("mistakes.yaml")
            try bench.write("x.yaml", text)
            let file = await bench.millm("validate", "--format", format)
            let input = await bench.millm("validate", "-", "--format", format, input: text)
            #expect(input.exitCode == 1)
            // What has no address is described in SARIF.
            guard format != "sarif" else { return #expect(input.output.contains("\"text\": \"standard input\"")) }
            #expect(input.output == file.output.replacing("\(bench.profiles)/x.yaml", with: "<stdin>"))
        }
    }
}
