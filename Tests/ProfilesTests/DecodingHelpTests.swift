import Profiles
import Testing

@Suite struct DecodingHelpTests {
    private func first(_ text: String) throws -> Diagnostic {
        try #require(ProfileDecoder.decode(Array(text.utf8), file: "p.yaml").diagnostics.first)
    }

    @Test(arguments: [
        ("laier: 1", "did you mean 'layer'?"), ("Layer: 1", "did you mean 'layer'?"),
        ("desciption: x", "did you mean 'description'?"), ("model_id: x", "did you mean 'model'?"),
        ("features: {}", "did you mean 'steering'?"), ("stering: {}", "did you mean 'steering'?"),
        ("temperature: 1", "remove it; a comment starts with '#'"),
    ])
    func `an unknown key is answered with what was probably meant`(line: String, help: String) throws {
        let diagnostic = try first("version: 1\n\(line)\nname: x\nsteering: {}\n")
        #expect(diagnostic.code == .unknownKey)
        #expect(diagnostic.help == help)
    }

    @Test(arguments: [
        (#"5: "1.5""#, "the strength '1.5' is text; it must be a number", "remove the quotes"),
        ("5: 1,5", "'1,5' is no number", "write the decimal point as '.'"),
        ("5: yes", "'yes' is no number", "give a number from -10000 to 10000"),
        ("5:", "feature 5 has no strength", "give a number from -10000 to 10000"),
        ("5: 1e999", "the strength 1e999 is out of range", "give a number from -10000 to 10000"),
        (#"5: "\e[31m""#, #"'\u{1b}[31m' is no number"#, "give a number from -10000 to 10000"),
    ])
    func `a bad strength is explained`(line: String, message: String, help: String) throws {
        let diagnostic = try first("version: 1\nname: x\nsteering:\n  \(line)\n")
        #expect(diagnostic.message == message)
        #expect(diagnostic.help == help)
    }

    @Test func `a repeated key points at both places`() throws {
        let diagnostic = try first("version: 1\nname: x\nlayer: 15\nsteering: {}\nlayer: 12\n")
        #expect(diagnostic.message == "duplicate key 'layer'")
        #expect(diagnostic.location.description == "p.yaml:5:1")
        #expect(diagnostic.related.map(\.location.description) == ["p.yaml:3:1"])
    }

    @Test func `findings beyond a hundred are left for the next run`() {
        let text = "version: 1\nname: x\nsteering: {}\n" + (0..<500).map { "key\($0): 1\n" }.joined()
        #expect(ProfileDecoder.decode(Array(text.utf8), file: "p.yaml").diagnostics.count == 100)
    }

    @Test func `an error behind many ignored keys is found all the same`() {
        let keys = (0..<500).map { "key\($0): 1\n" }.joined()
        let text = "version: \"1.0\"\nname: x\n\(keys)steering:\n  5: yes\n"
        let decoded = ProfileDecoder.decode(Array(text.utf8), file: "p.yaml", ignoringUnknownKeys: true)
        #expect(decoded.profile == nil)
        #expect(decoded.diagnostics.count == 100)
        #expect(decoded.diagnostics.last?.code == .invalidStrength)
    }

    @Test func `every code is listed once, ascending, with a title and help`() {
        let codes = DiagnosticCode.all.map(\.code)
        #expect(codes == codes.sorted())
        #expect(Set(codes).count == codes.count)
        #expect(DiagnosticCode.all.allSatisfy { !$0.title.isEmpty && !$0.help.isEmpty && !$0.help.hasSuffix(".") })
        #expect(DiagnosticCode(code: "P012") == .duplicateKey)
        #expect(DiagnosticCode(code: "P999") == nil)
    }
}
