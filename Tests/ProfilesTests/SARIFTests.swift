import Foundation
import Profiles
import Testing

@Suite struct SARIFTests {
    private struct Log: Decodable {
        struct Text: Decodable { var text: String }
        struct Rule: Decodable { var id: String }
        struct Driver: Decodable { var name: String, version: String, rules: [Rule] }
        struct Tool: Decodable { var driver: Driver }
        struct Region: Decodable { var startLine: Int, startColumn: Int, endLine: Int, endColumn: Int }
        struct Artifact: Decodable { var uri: String }
        struct Place: Decodable { var artifactLocation: Artifact, region: Region? }
        struct Location: Decodable { var physicalLocation: Place, message: Text? }
        struct Finding: Decodable {
            var ruleId: String, ruleIndex: Int, level: String, message: Text, locations: [Location]
            var relatedLocations: [Location]?
        }
        struct Run: Decodable { var tool: Tool, columnKind: String, results: [Finding] }
        var version: String, runs: [Run]
    }

    @Test func `a log names the rules and points at the places`() throws {
        let text = "version: 1\nname: x\nlayer: 1\nlayer: 2\nsteering: {}\n"
        let findings = ProfileDecoder.decode(Array(text.utf8), file: "my profiles/ä.yaml").diagnostics
        let log = try JSONDecoder().decode(Log.self, from: Data(SARIF.text(findings, toolVersion: "1.2.3").utf8))
        let run = try #require(log.runs.first)
        let result = try #require(run.results.first)
        #expect(log.version == "2.1.0")
        #expect(run.columnKind == "unicodeCodePoints")
        #expect(run.tool.driver.rules[result.ruleIndex].id == "P012")
        #expect(result.level == "error")
        #expect(result.message.text == "duplicate key 'layer'\nhelp: remove one of them")
        #expect(result.locations[0].physicalLocation.artifactLocation.uri == "my%20profiles/%C3%A4.yaml")
        #expect(result.locations[0].physicalLocation.region?.startLine == 4)
        #expect(result.locations[0].physicalLocation.region?.endColumn == 6)
        #expect(result.relatedLocations?.first?.message?.text == "first set here")
    }

    @Test func `a log of nothing is a log all the same`() throws {
        let log = try JSONDecoder().decode(Log.self, from: Data(SARIF.text([], toolVersion: "1").utf8))
        #expect(log.runs.first?.results.isEmpty == true)
        #expect(log.runs.first?.tool.driver.rules.count == DiagnosticCode.all.count)
    }
}
