import Foundation
import HTTPTypes
import MillmTesting
import Testing

/// What goes wrong on disk, and what clients are told of it; `ManagedProfiles.send` looks into every body.
@Suite(.serialized) struct SecrecyTests {
    private static let requests: [(HTTPRequest.Method, String, String?)] = [
        (.get, "", nil), (.get, "/night", nil), (.get, "/active", nil), (.get, "/night/export", nil),
        (.get, "/broken/export", nil), (.put, "/night", #"{"description":"x"}"#), (.patch, "/broken", #"{"name":"B"}"#),
        (.put, "/night", #"{"name":"Dawn"}"#), (.put, "/night", #"{"steering":{"99":1}}"#), (.delete, "/night", nil),
        (.post, "", #"{"name":"New","steering":{}}"#), (.post, "", #"{"name":"Night","steering":{}}"#),
        (.post, "/import", "[1]"), (.post, "/import", #"{"version":"1.0","name":7}"#),
        (.post, "/night/activate", nil), (.post, "/broken/activate", nil), (.post, "/night/deactivate", nil),
        (.post, "/save-current", #"{"name":"Now"}"#),
    ]

    @Test(
        arguments: [
            "true", "rm -r profiles", "rm -r profiles && touch profiles", "ln -sfn nowhere.yaml profiles/active",
            "ln -sfn ../secret.yaml profiles/active && touch secret.yaml", "ln -sfn active profiles/active",
            "mkfifo profiles/active", "mkdir profiles/active", "ln -sfn broken.yaml profiles/active",
            "rm profiles/night.yaml && ln -s ../secret.yaml profiles/night.yaml && touch secret.yaml",
            "rm profiles/night.yaml && ln -s night.yaml profiles/night.yaml",
            "cp profiles/night.yaml profiles/night.json", "rm profiles/night.yaml && mkdir profiles/night.yaml",
            "head -c 2000000 /dev/zero > profiles/night.yaml", ": > profiles/night.yaml",
            "printf 'version: 1\\nname: Night\\nsteering: {999999: 1}\\n' > profiles/night.yaml",
            "printf 'version: 1\\nname: Night\\nmodel: Other\\nlayer: 3\\nsteering: {1: 1}\\n' > profiles/night.yaml",
        ]
    )
    func `no answer tells where the directory lies or what the system said`(fault: String) async throws {
        try await ManagedProfiles.with { managed in
            try await managed.shell(fault)
            for (method, path, body) in Self.requests {
                let answer = try await managed.send(method, "/api/profiles" + path, body)
                #expect(answer.status < 500 || fault.hasPrefix("rm -r profiles"), "\(method) \(path): \(answer.text)")
            }
        }
    }
}

extension ManagedProfiles {
    /// Runs a command beside the directory, on a thread of its own.
    fileprivate func shell(_ command: String) async throws {
        let status = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let shell = Process()
                shell.executableURL = URL(fileURLWithPath: "/bin/sh")
                shell.arguments = ["-ec", command]
                shell.currentDirectoryURL = URL(fileURLWithPath: root)
                let isRunning = (try? shell.run()) != nil
                if isRunning { shell.waitUntilExit() }
                continuation.resume(returning: isRunning ? shell.terminationStatus : -1)
            }
        }
        #expect(status == 0)
    }
}
