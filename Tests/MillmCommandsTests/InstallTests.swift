import Foundation
import MillmTesting
import Testing

/// `make install` and `make uninstall`, with what the tests were built with.
@Suite struct InstallTests {
    private static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let built = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path

    private func run(_ arguments: [String], in folder: String) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    private func files(in folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter { path in
            var isDirectory: ObjCBool = false
            _ = unsafe FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isDirectory)
            return !isDirectory.boolValue
        }
    }

    @Test func `what is installed works anywhere, and all of it goes again`() async throws {
        try await withTemporaryDirectory { root in
            let place = ["DESTDIR=\(root)/image", "PREFIX=/usr", "built=\(Self.built)"]
            let folder = Self.repository.path
            #expect(try run(["make", "-s", "install"] + place, in: folder).status == 0)
            let installed = Set(try files(in: "\(root)/image"))
            for name in [
                "bin/millm", "bin/millmd", "share/man/man1/millm.1", "share/man/man1/millmd.1",
                "share/man/man1/millm-activate.1", "share/millm/templates/profile.schema.json",
                "share/bash-completion/completions/millm", "share/zsh/site-functions/_millm",
                "share/fish/vendor_completions.d/millm.fish",
            ] {
                #expect(installed.contains("usr/\(name)"))
            }
            let features = try run(["\(root)/image/usr/bin/millm", "features", "captain"], in: root)
            #expect(features.status == 0)
            #expect(features.output.contains("'Captain'"))
            #expect(try run(["make", "-s", "uninstall"] + place, in: folder).status == 0)
            #expect(try files(in: "\(root)/image").isEmpty)
        }
    }
}
