import Foundation
import Testing

@testable import MillmCommands

@Suite struct ManualTests {
    @Test func `every command has a page, without a complaint of mandoc`() async throws {
        try await withBench { bench in
            let folder = "\(bench.root)/man"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            #expect(await bench.millm("manual", folder, "--date", "2026-01-30").exitCode == 0)
            let pages = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            let names = CommandNames.shown.map { "millm-\($0).1" }
            #expect(pages == (["millm.1"] + names).sorted())
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["mandoc", "-Tlint"] + pages.map { "\(folder)/\($0)" }
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let complaints = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(complaints.isEmpty)
        }
    }

    @Test(arguments: CommandNames.shown) func `the help of every command has examples`(name: String) async throws {
        try await withBench { bench in
            let help = await bench.millm(name, "--help")
            #expect(help.output.contains("\nEXAMPLES:\n  millm \(name)"))
        }
    }

    @Test func `a page tells what the help tells`() async throws {
        try await withBench { bench in
            _ = await bench.millm("manual", bench.root)
            let url = URL(filePath: "\(bench.root)/millm-activate.1")
            let page = String(decoding: try Data(contentsOf: url), as: UTF8.self)
            #expect(page.contains(".SH NAME\nmillm\\-activate \\- Makes a profile the active one\n"))
            #expect(page.contains("[\\fB\\-\\-wait\\fR [\\fIseconds\\fR]]"))
            #expect(page.contains(".SH EXIT STATUS\n.TP\n.B 1\n"))
            #expect(page.contains("millm activate pirate \\-\\-wait 2.5"))
            #expect(!page.contains("GLOBAL OPTIONS"))
        }
    }

    @Test func `a discussion is taken apart into paragraphs and sections`() {
        let help = HelpText("One\ntwo.\n\nThree:\n\nEXAMPLES:\n  a b    c\n  d\n\nEXIT CODES:\n  1  no\n  2  bad\n")
        #expect(help.paragraphs == ["One\ntwo.", "Three:"])
        #expect(help.sections.map(\.title) == ["EXAMPLES", "EXIT CODES"])
        #expect(help.sections[0].definitions == nil)
        #expect(help.sections[1].definitions?.map(\.term) == ["1", "2"])
    }
}
