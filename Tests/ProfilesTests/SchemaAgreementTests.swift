import Foundation
import Profiles
import Testing
import YAML

/// The JSON Schema and the decoder are made from one description; that they agree is shown with a validator that
/// knows nothing of either.
@Suite struct SchemaAgreementTests {
    /// Bad files that are right once YAML has read them: the rule is about how a number is written, and of that a
    /// JSON value knows nothing.
    private static let onlyWrittenWrongly: Set<String> = [
        "layer-hexadecimal.yaml", "layer-octal.yaml", "strength-hexadecimal.yaml", "strength-octal.yaml",
        "strength-nan.yaml", "layer-float.yaml",
    ]

    /// The findings of a text that is no YAML, or YAML of a kind that profiles do without. There is no JSON value
    /// that a schema could be asked about: a JSON value has no anchors, and no key twice.
    private static func isAboutText(_ finding: Diagnostic) -> Bool {
        ("P001"..."P019").contains(finding.code.code) || finding.code == .invalidEscape
    }

    private struct Task {
        var schemas: [String] = []
        var instances: [String] = []

        mutating func add(_ name: String, _ format: DecodedProfile.Format, _ root: Node) {
            instances.append("\"\(name)\":[\"\(format.rawValue)\",\(JSONInstance(root).text)]")
        }
    }

    /// What the validator has to say about each file.
    private func findings(_ task: Task) throws -> [String: [String]] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", Corpus.path("draft7.py")]
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        let text =
            "{\"schemas\":{\(task.schemas.joined(separator: ","))},"
            + "\"instances\":{\(task.instances.joined(separator: ","))}}"
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "python3 with the package jsonschema is needed")
        return try JSONDecoder().decode([String: [String]].self, from: answer)
    }

    private static let formats: [DecodedProfile.Format] = [.version0, .version1, .millmFlat, .millmEnvelope]

    @Test func `schema and decoder give the same verdict on the whole corpus`() throws {
        var task = Task()
        task.schemas = Self.formats.map {
            "\"\($0.rawValue)\":\(ProfileJSONSchema.json(of: $0).text(indentation: nil))"
        }
        var verdicts: [String: Bool] = [:]
        var withoutInstance = 0
        let files = try Corpus.bad.map { ($0.name, try $0.bytes) } + Corpus.good.map { ($0.name, try $0.bytes) }
        for (name, bytes) in files {
            let parsed = ParsedYAML(bytes)
            let decoded = ProfileDecoder.decode(parsed, file: name)
            guard let root = parsed.root, !decoded.diagnostics.contains(where: Self.isAboutText) else {
                #expect(decoded.profile == nil)
                withoutInstance += 1
                continue
            }
            task.add(name, decoded.format ?? .version1, root)
            verdicts[name] = decoded.profile != nil
        }
        let findings = try findings(task)
        for (name, isGood) in verdicts {
            let isAccepted = try #require(findings[name]).isEmpty
            if Self.onlyWrittenWrongly.contains(name) {
                #expect(isAccepted && !isGood, "\(name)")
            } else {
                #expect(isAccepted == isGood, "\(name): \(findings[name] ?? [])")
            }
        }
        // Both kinds are there, and none is lost on the way.
        #expect(verdicts.count + withoutInstance == files.count)
        #expect(verdicts.values.count { $0 } == Corpus.good.count)
        #expect(verdicts.values.count { !$0 } >= 50)
    }

    @Test func `the schema uses what draft 7 has and editors know`() throws {
        let known: Set<String> = [
            "$schema", "title", "description", "type", "required", "additionalProperties", "properties", "const",
            "maxLength", "pattern", "minimum", "maximum", "maxProperties", "patternProperties",
        ]
        func keywords(_ schema: JSONValue) -> Set<String> {
            guard case .object(let members) = schema else { return [] }
            return members.reduce(into: []) { found, member in
                found.insert(member.key)
                if ["properties", "patternProperties"].contains(member.key), case .object(let fields) = member.value {
                    for field in fields { found.formUnion(keywords(field.value)) }
                }
            }
        }
        #expect(keywords(ProfileJSONSchema.json).subtracting(known) == [])
    }
}
