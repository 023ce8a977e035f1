import ArgumentParser
import Foundation
import HTTPAPI
import MillmTesting
import Testing

@testable import millmd

struct TokenFileTests {
    @Test(
        arguments: [
            ("s3cret\n", 0o600, nil), ("  s3cret \r\n", 0o400, nil), ("s3cret", 0o640, "Others may read"),
            ("s3cret", 0o604, "Others may read"), ("s3cret", 0o660, "Others may read"), ("", 0o600, "is empty"),
            (" \n", 0o600, "is empty"), ("two words", 0o600, "one word"), ("gehéim", 0o600, "one word"),
            (String(repeating: "x", count: 5000), 0o600, "larger than 4096"),
        ] as [(String, Int, String?)]
    )
    func `a token is taken from a file that nobody else may read`(text: String, mode: Int, fault: String?) async throws
    {
        try await withTemporaryDirectory { root in
            let path = root + "/token"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            if let fault {
                let error = #expect(throws: ValidationError.self) { try TokenFile(path: path).token() }
                #expect(error?.message.contains(fault) == true)
                #expect(error?.message.contains(path) == true)
            } else {
                #expect(try TokenFile(path: path).token().matches("s3cret"))
            }
        }
    }

    @Test(arguments: ["nothing", "folder", "pipe"])
    func `what is no file gives no token, and nobody waits for it`(name: String) async throws {
        try await withTemporaryDirectory { root in
            try FileManager.default.createDirectory(atPath: root + "/folder", withIntermediateDirectories: false)
            #expect(unsafe mkfifo(root + "/pipe", 0o600) == 0)
            #expect(throws: ValidationError.self) { try TokenFile(path: root + "/" + name).token() }
        }
    }
}
