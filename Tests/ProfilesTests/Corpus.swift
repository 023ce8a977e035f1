import Foundation
import Profiles
import Testing

/// The good and bad files that come with these tests.
enum Corpus {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    /// A bad file with all its findings, each as `code@line:column`.
    struct BadFile: Sendable, CustomTestStringConvertible {
        let name: String
        let findings: [String]

        var testDescription: String { name }
        var bytes: [UInt8] { get throws { try Corpus.bytes("bad/\(name)") } }
    }

    /// A good file with the profile that it holds.
    struct GoodFile: Sendable, CustomTestStringConvertible {
        let name: String
        let format: String
        let profile: Profile

        var testDescription: String { name }
        var bytes: [UInt8] { get throws { try Corpus.bytes("good/\(name)") } }
    }

    /// Where one of the fixtures is.
    static func path(_ name: String) -> String { folder.appending(path: name).path }

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: path)))
    }

    /// The names of the files in one of the corpus's folders.
    static func names(_ folder: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: self.folder.appending(path: folder).path))
    }

    static let bad: [BadFile] = {
        guard let text = try? String(decoding: bytes("bad.txt"), as: UTF8.self) else { return [] }
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let words = line.split(separator: " ").map(String.init)
            return BadFile(name: words[0], findings: Array(words.dropFirst()))
        }
    }()

    static let good: [GoodFile] = {
        guard let data = try? Data(bytes("good.json")),
            let expected = try? JSONDecoder().decode([String: Expected].self, from: data)
        else { return [] }
        return expected.sorted { $0.key < $1.key }.map { name, expected in
            GoodFile(name: name, format: expected.format, profile: expected.profile)
        }
    }()

    private struct Expected: Decodable {
        var format: String
        var name: String
        var description: String?
        var model: String?
        var sae: String?
        var layer: Int?
        var steering: [String: Double]

        var profile: Profile {
            let strengths = steering.compactMap { key, strength in Int(key).map { ($0, strength) } }
            return Profile(
                name: name,
                description: description,
                model: model,
                sae: sae,
                layer: layer,
                steering: Dictionary(uniqueKeysWithValues: strengths)
            )
        }
    }
}
