import Foundation
import Profiles
import Testing

@Suite struct DiagnosticReferenceTests {
    private static let page = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/Profiles/Profiles.docc/Diagnostics.md")

    @Test func `the documentation's page is the one that the table makes`() throws {
        // How 'make reference' writes it.
        if ProcessInfo.processInfo.environment["MILLM_WRITE_REFERENCE"] != nil {
            try DiagnosticReference.markdown.write(to: Self.page, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: Self.page, encoding: .utf8) == DiagnosticReference.markdown)
    }

    @Test func `every code has its row`() {
        for code in DiagnosticCode.all {
            #expect(DiagnosticReference.markdown.contains("\n| \(code.code) | "))
            #expect(!code.example.isEmpty)
        }
    }

    /// Everything that SPEC §2 refuses, and the codes that tell the refusals apart.
    @Test(arguments: [
        ("a: 1\na: 2\n", "P012"), ("a: &x 1\n", "P008"), ("a: *x\n", "P009"), ("<<: {}\n", "P011"),
        ("a: !x 1\n", "P010"),
        ("a: 1\n---\n", "P007"), ("", "P006"), ("- 1\n", "P020"), ("\u{0}", "P013"), ("%TAG ! x\n---\n", "P014"),
        ("? [a]\n: 1\n", "P015"), ("a: \"\\q\"", "P031"), ("a: [", "P001"),
        ("e" + String(repeating: "\u{301}", count: 65) + ": 1", "P017"),
        (String(repeating: "[", count: 65), "P004"), ("[" + String(repeating: "1,", count: 20_000) + "]", "P005"),
        (String(repeating: "#", count: 1 << 20) + "\n", "P003"),
        ("version: 1\nname: x\nsteering: {}\nlaier: 1\n", "P022"), ("version: 1\nname: x\n", "P023"),
        ("version: 2\nname: x\nsteering: {}\n", "P024"), ("version: 1\nname: ''\nsteering: {}\n", "P025"),
        ("version: 1\nname: x\ndescription: []\nsteering: {}\n", "P026"),
        ("version: 1\nname: x\nlayer: 0x0F\nsteering: {}\n", "P027"),
        ("version: 1\nname: x\nsteering: {01: 1}\n", "P028"), ("version: 1\nname: x\nsteering: {1: yes}\n", "P029"),
        ("version: 1\nname: x\nsteering: {1: .nan}\n", "P029"),
        ("version: 1\nname: x\nsteering: {1: \"1.5\"}\n", "P029"),
        ("version: 1\nname: x\nmodel: ''\nsteering: {}\n", "P032"),
        ("version: 1\nname: x\nsae: {}\nsteering: {}\n", "P033"),
        ("version: 1\nname: x\nsteering: 5\n", "P034"),
        (#"{"version":"1.0","type":"x","profile":{"name":"x","steering":{}}}"#, "P035"),
    ])
    func `each refusal of the format has a code of its own`(text: String, code: String) {
        let decoded = ProfileDecoder.decode(Array(text.utf8), file: "p.yaml")
        #expect(decoded.profile == nil)
        #expect(decoded.diagnostics.contains { $0.code.code == code })
        #expect(decoded.diagnostics.allSatisfy { $0.help?.isEmpty == false })
    }
}
