import Foundation
import Profiles
import Testing

@Suite struct TemplateTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Templates")

    private func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Self.folder.appending(path: name)))
    }

    @Test(arguments: ["blank.yaml", "commented.yaml"])
    func `a template is a valid profile that steers nothing`(name: String) throws {
        let decoded = ProfileDecoder.decode(try bytes(name), file: name)
        #expect(decoded.diagnostics == [])
        #expect(decoded.profile?.steering == [:])
    }

    @Test func `the commented template has every key`() throws {
        let text = String(decoding: try bytes("commented.yaml"), as: UTF8.self)
        let required = ["version", "name", "description", "model", "sae", "layer", "steering"]
        #expect(required.allSatisfy { text.contains("\n\($0):") })
    }

    @Test func `a feature can be added to a template`() throws {
        let edited = try ProfileEditor.apply(
            ProfileChanges(name: "Night", steering: [316: 45]),
            to: bytes("commented.yaml"),
            file: "night.yaml"
        )
        #expect(String(decoding: edited, as: UTF8.self).hasSuffix("#\nsteering:\n  316: 45.0\n"))
    }

    @Test func `the schema that is shipped is the one of the decoder`() throws {
        #expect(String(decoding: try bytes("profile.schema.json"), as: UTF8.self) == ProfileJSONSchema.text)
    }
}
