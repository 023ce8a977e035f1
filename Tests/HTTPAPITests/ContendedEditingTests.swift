import Foundation
import Glibc
import HTTPTypes
import MillmTesting
import Profiles
import Synchronization
import Testing

/// Changes through the API while an editor, which asks for no lock, saves the same file.
@Suite(.timeLimit(.minutes(5)))
struct ContendedEditingTests {
    @Test func `a change without a condition is made on what the editor has saved meanwhile`() async throws {
        try await ManagedProfiles.with { managed in
            var reappliedCount = 0
            var round = 0
            // How often the editor hits the moment is the machine's to say.
            while round < 20 || reappliedCount == 0 && round < 1000 {
                round += 1
                let editor = Editor(managed, saving: 3, when: .writing)
                let answer = try await managed.send(.patch, "/api/profiles/night", #"{"layer":\#(round % 100)}"#)
                let count = await editor.stop()
                #expect(answer.status == 200, "\(answer.text)")
                let text = try managed.read("night.yaml")
                // It may have saved over the change, too, which is as good.
                guard text != Editor.text(count) else { continue }
                #expect(text.contains("layer: \(round % 100)\n"), "\(text)")
                #expect(count == 0 || text.hasPrefix("# save \(count)\n"), "\(text)")
                #expect(answer.header("ETag") == "\"\(ContentDigest(of: text.utf8))\"")
                if count > 0 { reappliedCount += 1 }
            }
            #expect(reappliedCount > 0)
        }
    }

    @Test func `a change is answered with what it wrote, whatever comes next`() async throws {
        try await ManagedProfiles.with { managed in
            for round in 0..<20 {
                let editor = Editor(managed, saving: 1, when: .written)
                let answer = try await managed.send(.put, "/api/profiles/night", #"{"layer":\#(round)}"#)
                await editor.finish()
                #expect(answer.status == 200)
                #expect(try answer.json["data"]?["layer"] == .number(Double(round)))
                let etag = try answer.json["data"]?["etag"]?.string
                #expect(answer.header("ETag") == etag.map { "\"\($0)\"" })
                #expect(try managed.read("night.yaml") == Editor.text(1))
                #expect(ContentDigest(of: Editor.text(1).utf8).description != etag)
            }
        }
    }

    @Test(
        arguments: [
            (HTTPRequest.Method.patch, "/api/profiles/night", #"{"layer":1}"#, false),
            (.delete, "/api/profiles/night", nil, true),
            (
                .post, "/api/profiles/import?replace=true", #"{"version":"1.0","name":"Night","steering":{"1":1}}"#,
                false
            ),
        ] as [(HTTPRequest.Method, String, String?, Bool)]
    )
    func `a file that a program has open for writing is left alone, and the program is named`(
        method: HTTPRequest.Method,
        path: String,
        body: String?,
        isConditional: Bool
    ) async throws {
        try await ManagedProfiles.with { managed in
            let before = try managed.read("night.yaml")
            let editor = try #require(FileHandle(forUpdatingAtPath: managed.profiles + "/night.yaml"))
            let headers: HTTPFields = isConditional ? [.ifMatch: "\"\(ContentDigest(of: before.utf8))\""] : [:]
            let answer = try await managed.send(method, path, body, headers: headers)
            #expect(answer.status == 409)
            #expect(try answer.json["error"]?["code"] == "PROFILE_IN_USE")
            let message = try answer.json["error"]?["message"]?.string ?? ""
            #expect(message.hasPrefix("'night.yaml' is open for writing in another program."), "\(message)")
            #expect(message.contains("(process \(getpid()))"), "\(message)")
            #expect(try managed.read("night.yaml") == before)
            try editor.close()
            #expect(try await managed.send(method, path, body, headers: headers).status == 200)
        }
    }

    @Test func `who has the file open for a moment is waited for`() async throws {
        try await ManagedProfiles.with { managed in
            let editor = try #require(FileHandle(forUpdatingAtPath: managed.profiles + "/night.yaml"))
            let change = Task.immediate { try await managed.send(.patch, "/api/profiles/night", #"{"layer":1}"#) }
            try editor.seekToEnd()
            try editor.write(contentsOf: Data("# mine\n".utf8))
            try editor.close()
            #expect(try await change.value.status == 200)
            let text = try managed.read("night.yaml")
            #expect(text.contains("# mine\n"))
            #expect(text.contains("layer: 1\n"))
        }
    }
}

/// An editor that replaces `night.yaml` at the worst moments, on a thread of its own.
private final class Editor: Sendable {
    enum Moment {
        /// A writer has its new content ready, but not in place.
        case writing
        /// A writer's new content is in place.
        case written
    }

    private let isStopped = Atomic(false)
    private let counts: AsyncStream<Int>

    /// Begins to watch for the moment.
    init(_ managed: ManagedProfiles, saving times: Int, when moment: Moment) {
        let (counts, continuation) = AsyncStream<Int>.makeStream()
        self.counts = counts
        let folder = managed.profiles
        // They are ready beforehand, since the moment is short.
        for count in 1...times { try? managed.write(Self.text(count), to: ".save-\(count)") }
        let first = Self.inode(of: folder + "/night.yaml")
        Thread.detachNewThread { [self] in
            var count = 0
            var known = first
            while count < times, !isStopped.load(ordering: .relaxed) {
                let current = Self.inode(of: folder + "/night.yaml")
                let isNow =
                    switch moment {
                    case .writing: unsafe current == known && access(folder + "/.millm-write", F_OK) == 0
                    case .written: current != known
                    }
                guard isNow else { continue }
                count += 1
                unsafe rename("\(folder)/.save-\(count)", folder + "/night.yaml")
                known = Self.inode(of: folder + "/night.yaml")
                // One writing is one moment.
                while unsafe moment == .writing && access(folder + "/.millm-write", F_OK) == 0 {}
            }
            continuation.yield(count)
            continuation.finish()
        }
    }

    static func text(_ count: Int) -> String { "# save \(count)\nversion: 1\nname: Night\nsteering: {3: 2.5}\n" }

    /// Waits until it has saved as often as it should.
    @discardableResult
    func finish() async -> Int { await counts.first { _ in true } ?? 0 }

    /// Ends it, and tells how often it has saved.
    func stop() async -> Int {
        isStopped.store(true, ordering: .relaxed)
        return await finish()
    }

    private static func inode(of path: String) -> UInt64 {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? UInt64(status.st_ino) : 0
    }
}
